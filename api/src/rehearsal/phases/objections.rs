//! 异议: anyone objects to a notice, with a name or without; an investigator finds out, and the objector learns the answer.

use serde_json::{Value, json};
use uuid::Uuid;

use super::vacancy::{Ground, disqualify, substitute};
use crate::rehearsal::RehearsalError;
use crate::rehearsal::people::text_of;
use crate::rehearsal::play::{INDIVIDUAL, Play, SUPERVISOR, TOWNSHIP};

/// Who gives a name, and what is seen of them nowhere.
const OBJECTOR: [&str; 3] = ["欧阳实言(演示)", "某村民委员会(演示)", "10000000001"];

/// A case: what the objector holds, and what it comes to.
#[derive(Clone, Debug)]
pub struct Case {
    category: &'static str,
    candidate: (Uuid, String),
    receipt: String,
    id: Uuid,
    late: bool,
}

/// Three objections are filed on the first day of the notices: to a township, to a person, and to a supervisor.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn filed(play: &Play) -> Result<Vec<Case>, RehearsalError> {
    Ok(vec![
        file(play, (TOWNSHIP, 2), "申报的办件数据与实际不符,多报三百余件。", false).await?,
        file(play, (INDIVIDUAL, 0), "述职材料中有一项工作并非本人完成。", true).await?,
        file(play, (SUPERVISOR, 0), "对其履职次数有疑问。", false).await?,
    ])
}

/// Anyone objects to a candidate, and keeps the code of the receipt.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn file(
    play: &Play,
    (category, at): (&'static str, usize),
    content: &str,
    named: bool,
) -> Result<Case, RehearsalError> {
    let list = play.lists.get(category);
    let notice = list.and_then(|list| list.notices.first()).copied().unwrap_or_default();
    let candidate = list.and_then(|list| list.entries.get(at)).cloned().unwrap_or_default();
    let mut body = json!({"application_id": candidate.0, "content": content, "evidence": ["可查2022年台账"]});
    if let (true, Some(members)) = (named, body.as_object_mut()) {
        let [name, unit, phone] = OBJECTOR;
        members.insert("objector".into(), json!({"name": name, "unit": unit, "phone": phone}));
    }
    let place = format!("/public/notices/{notice}/objections");
    let filed = play.public.post(&place).json(body).expect(201).await?;
    let receipt = filed.text("/receipt_code")?;
    let followed = play.public.get(&format!("/public/objections/{receipt}")).await?.state()?;
    play.stage.expect(followed == "filed", || format!("an objection just filed is `{followed}`"));
    let newest = format!("/objections?notice_id={notice}&sort=-filed_at&limit=1");
    let listed = play.office.get(&newest).await?;
    let row = listed.list("/items")?.first().cloned().unwrap_or_default();
    play.stage.expect(!listed.body.to_string().contains(OBJECTOR[0]), || {
        "the list of objections names who objects (D-705)".into()
    });
    let (id, late) = (crate::rehearsal::people::id_of(&row, "id"), row.get("late") == Some(&json!(true)));
    let by = if named { "Somebody who gives a name" } else { "Somebody without a name" };
    let when = if late { ", late" } else { "" };
    play.note(format!("{by} objects to {}{when}: {content}", candidate.1));
    Ok(Case { category, candidate, receipt, id, late })
}

/// The office assigns the cases of the first day, and whoever investigates answers them: one upheld, one in part, one rejected.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn answered(play: &Play, cases: &[Case]) -> Result<(), RehearsalError> {
    let outcomes = [
        json!({"outcome": "upheld", "findings": "经调阅台账,办件数多报312件。", "answer": "所反映的问题属实,已依规处理。"}),
        json!({
            "outcome": "partly", "findings": "该项工作由两人共同完成。", "answer": "所反映的问题部分属实,已作说明。",
            "consequence": "keep", "consequence_reason": "不影响其他事迹,保留候选资格。",
        }),
        json!({"outcome": "rejected", "findings": "经核对履职记录,次数属实。", "answer": "经核实,所反映的问题不属实。"}),
    ];
    for (case, finding) in cases.iter().zip(outcomes) {
        investigate(play, case, finding).await?;
    }
    Ok(())
}

/// A case is assigned, looked into and answered; who objects is told to the investigator alone (D-705).
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn investigate(play: &Play, case: &Case, finding: Value) -> Result<(), RehearsalError> {
    let place = format!("/objections/{}", case.id);
    let who = play.clerk.get("/me").await?.text("/id")?;
    play.office.take(&place, "assign", json!({"investigator_id": who})).await?;
    play.office.barred(&place, "resolve", finding.clone(), "not_the_investigator").await?;
    if case.category == INDIVIDUAL && !case.late {
        let asked = json!({"reason": "向异议人核实并反馈。"});
        play.office.barred(&place, "reveal", asked.clone(), "not_the_investigator").await?;
        let opened = play.clerk.take(&place, "reveal", asked).await?;
        play.stage.expect(text_of(&opened.body, "name") == OBJECTOR[0], || {
            format!("{}: the investigator should see who objects", opened.what)
        });
    }
    let answer = text_of(&finding, "answer").to_owned();
    let outcome = text_of(&finding, "outcome").to_owned();
    play.clerk.take(&place, "resolve", finding).await?;
    let followed = play.public.get(&format!("/public/objections/{}", case.receipt)).await?;
    let state = followed.state()?;
    play.stage.expect(state == outcome && followed.body.to_string().contains(&answer), || {
        format!("{}: the objector should read '{answer}', and reads `{state}`", followed.what)
    });
    play.note(format!("The objection to {} is answered: {outcome}. {answer}", case.candidate.1));
    Ok(())
}

/// What was upheld is carried out: the candidate falls out, and the next takes the place.
///
/// # Errors
/// [`RehearsalError`] where an answer comes that nobody expected.
pub async fn carried_out(play: &mut Play, upheld: &Case) -> Result<(Uuid, String), RehearsalError> {
    let category = play.category(upheld.category)?;
    let ground =
        Ground { kind: "objection", reference: upheld.id, reason: "异议成立:申报数据不实。" };
    disqualify(play, (upheld.candidate.0, &upheld.candidate.1), ground).await?;
    substitute(play, &category).await
}

/// The case of so and so many.
#[must_use]
pub fn of(cases: &[Case], category: &str) -> Option<Case> {
    cases.iter().find(|case| case.category == category).cloned()
}
