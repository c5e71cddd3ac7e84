//! The second factor: codes of a telephone or a token card (TOTP, RFC 6238), and the codes for when that is lost.

use actix_web::{delete, post};
use aws_lc_rs::rand;
use pingxuan_domain::account::User;
use pingxuan_domain::step::{ObjectKind, Outcome, Step};
use pingxuan_domain::{ErrorCode, Fault, Instant, Operation, Refused};
use pingxuan_persistence::sealing::seed_belongs_to;
use pingxuan_persistence::second_factors::{self, Seeds};
use pingxuan_persistence::{Tx, accounts, sessions};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret as Seed, Totp};
use utoipa::ToSchema;

use super::attempts::Attempt;
use super::login::{TokensView, failed, open, tokens_view};
use super::passwords::{ALPHABET, drawn};
use super::session::actor;
use super::tokens::secret_hash;
use crate::call::{Answer, Call};
use crate::problem::Failure;
use crate::secret::Secret;

/// Seconds of a step.
const STEP: i64 = 30;
/// Steps by which a telephone's clock may be wrong, either way.
const SKEW: u16 = 1;
/// Bytes of a seed (RFC 4226, section 4, R6).
const SEED: usize = 20;
/// Recovery codes of an account.
const CODES: usize = 10;
/// Wrong codes after which a log-in begins anew.
const TRIES: i32 = 5;
/// Seconds after a log-in within which the second factor may be changed.
const RECENT: i64 = 10 * 60;

/// The second factor of a log-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorIn {
    /// What the log-in was answered with.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    pending_token: Secret,
    /// The six digits that the telephone shows, or a recovery code.
    #[schema(value_type = String, min_length = 6, max_length = 20, pattern = "^[0-9A-Za-z -]+$")]
    code: Secret,
}

/// The first code of a second factor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCodeIn {
    /// The six digits that the telephone shows.
    #[schema(value_type = String, min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    code: Secret,
}

/// A second factor that waits for its first code; told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotpOfferView {
    /// The secret, to be typed into the telephone (base 32).
    #[schema(value_type = String, max_length = 64, pattern = "^[A-Z2-7]+$")]
    secret: Secret,
    /// The same for a QR code (Key URI format).
    #[schema(value_type = String, max_length = 500)]
    otpauth_url: Secret,
}

/// The codes for when the telephone is lost; told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodesView {
    /// Each is good for one log-in. They replace all that were given before.
    #[schema(value_type = Vec<RecoveryCode>, max_items = 20)]
    recovery_codes: Vec<Secret>,
}

/// A recovery code.
#[derive(Debug, ToSchema)]
#[schema(max_length = 20, pattern = "^[A-Za-z0-9-]+$")]
#[expect(dead_code, reason = "it is the schema of a text")]
pub struct RecoveryCode(String);

/// 出示第二要素 · Show the second factor
///
/// Ends a log-in that `login` answered with 202: with a code of the telephone, which is good once, or with a recovery code. After five
/// wrong codes the log-in begins anew; they count as wrong passwords do.
#[utoipa::path(tag = "auth", request_body = SecondFactorIn, responses((status = 200, description = "Let in", body = TokensView)))]
#[post("/auth/second-factor")]
pub async fn verify_second_factor(call: Call) -> Answer {
    let sent: SecondFactorIn = call.read()?;
    let digest = secret_hash(sent.pending_token.expose());
    let over = || Failure::of(ErrorCode::PendingLoginOver);
    let read = call.app.db.read();
    let pending =
        second_factors::waiting(read, &digest).await?.filter(|pending| call.now < pending.expires_at);
    let pending = pending.ok_or_else(over)?;
    let user = accounts::find(read, &call.visibility, pending.user_id).await?;
    let user = user.filter(|user| user.is_open(call.now)).ok_or_else(over)?;
    let attempt = Attempt::begin(&call, &user.username).await?;
    let let_in = call.app.db.in_tx(async |tx| {
        let Some(pending) = second_factors::lock_waiting(tx, &digest).await? else { return Ok(None) };
        if !shows(&call, tx, &user, sent.code.expose()).await? {
            match pending.tries + 1 {
                TRIES.. => second_factors::forget(tx, &digest).await?,
                tries => second_factors::tried(tx, &digest, tries).await?,
            }
            return Ok(None);
        }
        second_factors::forget(tx, &digest).await?;
        attempt.was_right(tx, &call).await?;
        open(&call, tx, &user).await.map(Some)
    });
    match let_in.await? {
        Some((actor, given)) => call.plain(&tokens_view(&call, &actor, given.into())?),
        None => {
            failed(&call, Some(user.id)).await?;
            Err(Failure::of(ErrorCode::InvalidSecondFactor))
        }
    }
}

/// Whether a code is one of the account's, and uses it.
async fn shows(call: &Call, tx: &Tx, user: &User, code: &str) -> Result<bool, Failure> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let seeds = second_factors::lock(tx, user.id).await?;
    if code.len() != 6 {
        return Ok(second_factors::use_code(tx, user.id, recovery_digest(call, user, &code), call.now).await?);
    }
    let Some(step) = step_of(call, user, seeds.seed.as_deref(), seeds.last_step, &code)? else {
        return Ok(false);
    };
    second_factors::used(tx, user.id, step).await?;
    Ok(true)
}

/// The step of which a code is, if it is one of a seed and of a later step than the last.
fn step_of(
    call: &Call,
    user: &User,
    sealed: Option<&[u8]>,
    last_step: i64,
    code: &str,
) -> Result<Option<i64>, Failure> {
    let Some(sealed) = sealed else { return Ok(None) };
    let seed = call.vault().open(&seed_belongs_to(user.id), sealed)?;
    Ok(totp(&user.username, seed)?.check(code, seconds(call.now)).and_then(|step| {
        let step = i64::try_from(step).ok()?;
        (step > last_step).then_some(step)
    }))
}

fn seconds(now: Instant) -> u64 {
    u64::try_from(now.seconds()).unwrap_or(0)
}

fn recovery_digest(call: &Call, user: &User, code: &str) -> Vec<u8> {
    call.vault().index("recovery_code", &format!("{} {}", user.id, code.to_lowercase()))
}

fn totp(username: &str, seed: Vec<u8>) -> Result<Totp, Failure> {
    let step = u64::try_from(STEP).unwrap_or(30);
    let made = Builder::new()
        .with_secret(Seed::from(seed))
        .with_step_duration(step)
        .with_skew(SKEW)
        .with_issuer(Some("Pingxuan"))
        .with_account_name(username)
        .build();
    made.map_err(|error| Failure::Internal(format!("totp: {error}")))
}

/// 登记第二要素 · Offer a second factor
///
/// Gives a secret for a telephone's authenticator (RFC 6238: SHA-1, six digits, thirty seconds); it is in use once its first code is
/// confirmed. Needs a log-in of the last ten minutes. A second factor that is in use stays until then.
#[utoipa::path(tag = "auth", responses((status = 200, description = "A secret that waits for its first code", body = TotpOfferView)))]
#[post("/me/totp")]
pub async fn enrol_totp(call: Call) -> Answer {
    recently_logged_in(&call).await?;
    let user = own(&call).await?;
    let mut seed = vec![0; SEED];
    rand::fill(&mut seed).map_err(|_| Failure::Internal("no randomness".into()))?;
    let sealed = call.vault().seal(&seed_belongs_to(user.id), &seed)?;
    let url = totp(&user.username, seed.clone())?.to_url();
    let view = TotpOfferView {
        secret: Seed::from(seed).to_base32().into(),
        otpauth_url: url.map_err(|error| Failure::Internal(format!("totp: {error}")))?.into(),
    };
    let step = Step::of(Operation::EnrolTotp, ObjectKind::User, user.id, call.now);
    let journal = call.journal();
    call.app
        .db
        .in_tx(async |tx| {
            second_factors::offer(tx, user.id, sealed.clone()).await?;
            Ok::<_, Failure>(journal.write(tx, std::slice::from_ref(&step)).await?)
        })
        .await?;
    call.plain(&view)
}

/// 确认第二要素 · Confirm a second factor
///
/// Takes the secret that was offered into use, with its first code; gives recovery codes. All other sessions of the account end. From now
/// on nobody logs in with the account without a code.
#[utoipa::path(tag = "auth", request_body = TotpCodeIn, responses((status = 200, description = "In use", body = RecoveryCodesView)))]
#[post("/me/totp/confirm")]
pub async fn confirm_totp(call: Call) -> Answer {
    let sent: TotpCodeIn = call.read()?;
    let (id, session_id) = (actor(&call.visibility)?.user_id, actor(&call.visibility)?.session_id);
    let codes = (0..CODES).map(|_| drawn(ALPHABET, 2)).collect::<Result<Vec<_>, _>>()?;
    let confirmed = call.app.db.in_tx(async |tx| {
        let user = accounts::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
        let Seeds { offered, .. } = second_factors::lock(tx, id).await?;
        let sealed = offered.ok_or_else(|| Failure::guard(ErrorCode::TotpNotOffered))?;
        let Some(step) = step_of(&call, &user, Some(&sealed), 0, sent.code.expose())? else {
            return Ok(false);
        };
        let digest = |code: &String| recovery_digest(&call, &user, &code.replace('-', ""));
        second_factors::confirm(tx, id, (sealed, step), codes.iter().map(digest).collect()).await?;
        sessions::end_others_of(tx, id, session_id, "a second factor was enrolled", call.now).await?;
        record(&call, tx, user, true).await?;
        Ok::<_, Failure>(true)
    });
    if confirmed.await? {
        call.plain(&RecoveryCodesView { recovery_codes: codes.into_iter().map(Secret::from).collect() })
    } else {
        Err(Refused::invalid(Fault::at("/code", ErrorCode::WrongCode)).into())
    }
}

/// 取消第二要素 · Remove the own second factor
///
/// Only where no role of the account needs one, and after a log-in of the last ten minutes. Its recovery codes go with it.
#[utoipa::path(tag = "auth", responses((status = 204, description = "Removed")))]
#[delete("/me/totp")]
pub async fn remove_totp(call: Call) -> Answer {
    recently_logged_in(&call).await?;
    let id = actor(&call.visibility)?.user_id;
    call.act(async |tx| {
        let user = accounts::lock(tx, &call.visibility, id).await?.ok_or_else(Failure::not_found)?;
        if !user.second_factor {
            return Err(Failure::not_found());
        }
        if user.roles.iter().any(|role| call.app.security.second_factor.contains(role)) {
            return Err(Failure::guard(ErrorCode::SecondFactorNeeded));
        }
        second_factors::remove(tx, id).await?;
        record(&call, tx, user, false).await?;
        call.gone()
    })
    .await
}

async fn record(call: &Call, tx: &Tx, mut user: User, second_factor: bool) -> Result<(), Failure> {
    let step = Step::of(call.operation(), ObjectKind::User, user.id, call.now)
        .changing("/second_factor", user.second_factor, second_factor)
        .ending(Outcome::Done);
    user.second_factor = second_factor;
    user.version += 1;
    user.updated_at = call.now;
    Ok(accounts::record(tx, &call.journal(), &user, step).await?)
}

async fn own(call: &Call) -> Result<User, Failure> {
    let id = actor(&call.visibility)?.user_id;
    accounts::find(call.app.db.read(), &call.visibility, id).await?.ok_or_else(Failure::not_found)
}

/// Sees to it that the session was opened in the last minutes: whoever finds a screen unlocked changes nothing for good.
async fn recently_logged_in(call: &Call) -> Result<(), Failure> {
    let session_id = actor(&call.visibility)?.session_id;
    let found = sessions::with_owner(call.app.db.read(), session_id, call.now).await?;
    match found {
        Some((session, _)) if call.now < session.created_at.plus_seconds(RECENT) => Ok(()),
        _ => Err(Failure::of(ErrorCode::RecentLoginRequired)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_18_codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1; the last six of the eight digits.
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        let totp = totp("test", b"12345678901234567890".to_vec()).unwrap();
        for (time, code) in vectors {
            assert_eq!(totp.check(code, time), Some(time / 30), "{time}");
            assert_eq!(totp.check(code, time + 60), None, "two steps later");
        }
    }
}
