//! Who is who: passwords, tokens, sessions and accounts.

use utoipa_actix_web::service_config::ServiceConfig;

pub mod passwords;
pub mod session;
pub mod tokens;
pub mod users;

/// Registers the operations of this area.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(session::login)
        .service(session::refresh_session)
        .service(session::logout)
        .service(session::get_me)
        .service(session::change_password)
        .service(users::list_users)
        .service(users::create_user)
        .service(users::get_user)
        .service(users::update_user)
        .service(users::disable_user)
        .service(users::enable_user);
}
