//! Who is who: passwords, tokens, sessions and accounts.

use crate::routes::Registry;

pub mod attempts;
pub mod client_tokens;
pub mod clients;
pub mod login;
pub mod own_account;
pub mod passwords;
pub mod remembered;
pub mod second_factor;
pub mod security;
pub mod session;
pub mod single_sign_on;
pub mod tokens;
pub mod users;

/// Registers the operations of this area.
pub fn configure(config: &mut impl Registry) {
    config
        .service(login::login)
        .service(single_sign_on::oidc_start)
        .service(single_sign_on::oidc_callback)
        .service(second_factor::verify_second_factor)
        .service(login::refresh_session)
        .service(session::logout)
        .service(session::list_sessions)
        .service(session::revoke_session)
        .service(own_account::get_me)
        .service(own_account::change_password)
        .service(second_factor::enrol_totp)
        .service(second_factor::confirm_totp)
        .service(second_factor::remove_totp)
        .service(clients::list_clients)
        .service(clients::create_client)
        .service(clients::rotate_client_secret)
        .service(clients::delete_client)
        .service(users::list_users)
        .service(users::create_user)
        .service(users::get_user)
        .service(users::update_user)
        .service(users::disable_user)
        .service(users::enable_user)
        .service(users::reset_user_password)
        .service(users::unlock_user);
}
