// The log-in of Swagger UI: who logs in here has the scheme `bearer` filled in, renewed before it is over, and emptied when they log out.
// Tokens are kept in this page alone, and are gone when it is closed or loaded anew.
(() => {
    "use strict";
    const SCHEME = "bearer";
    const RENEWED_BEFORE_END = 30; // seconds
    const LONGEST_WAIT = 2 ** 31 - 1; // milliseconds that a timer takes
    const API = "../api/v1";

    const part = (id) => document.getElementById(id);
    const [logIn, logOut, who, told] = ["log-in", "log-out", "who", "told"].map(part);
    let tokens;
    let timer;

    const say = (words, refused = false) => {
        told.textContent = words;
        told.classList.toggle("refused", refused);
    };

    async function call(method, path, body) {
        const headers = { Accept: "application/json, application/problem+json" };
        if (tokens) headers.Authorization = `Bearer ${tokens.access_token}`;
        if (body) headers["Content-Type"] = "application/json";
        const answer = await fetch(API + path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
        const text = await answer.text();
        const value = text ? JSON.parse(text) : undefined;
        if (!answer.ok) throw new Error(value?.detail ?? value?.title ?? `HTTP ${answer.status}`);
        return value;
    }

    /** Fills the scheme in. Swagger UI answers null as long as it has not read the document. */
    async function authorize(token) {
        while (window.ui.preauthorizeApiKey(SCHEME, token) === null) await new Promise((done) => setTimeout(done, 100));
    }

    async function take(given) {
        tokens = given;
        await authorize(tokens.access_token);
        const wait = Math.max(tokens.expires_in - RENEWED_BEFORE_END, 1) * 1000;
        timer = setTimeout(renew, Math.min(wait, LONGEST_WAIT));
    }

    function forget() {
        clearTimeout(timer);
        tokens = undefined;
        window.ui.authActions.logout([SCHEME]);
        logIn.hidden = false;
        logOut.hidden = true;
        who.textContent = "";
    }

    /** A refresh token is good once: where the renewal fails, it is not tried again. */
    async function renew() {
        const old = tokens;
        try {
            const renewed = await call("POST", "/auth/refresh", { refresh_token: old.refresh_token });
            if (tokens === old) await take(renewed);
        } catch (error) {
            if (tokens !== old) return; // logged out meanwhile
            forget();
            say(`会话已结束,请重新登录 · The session is over, please log in again: ${error.message}`, true);
        }
    }

    /** What a form does when it is sent: once at a time, and a failure is told. */
    function onSubmit(form, act) {
        form.addEventListener("submit", async (event) => {
            event.preventDefault();
            const button = form.querySelector("button");
            button.disabled = true;
            say("");
            try {
                await act(form);
            } catch (error) {
                say(error.message, true);
            } finally {
                button.disabled = false;
            }
        });
    }

    onSubmit(logIn, async (form) => {
        const { username, password } = Object.fromEntries(new FormData(form));
        await take(await call("POST", "/auth/login", { username, password }));
        form.reset();
        logIn.hidden = true;
        logOut.hidden = false;
        who.textContent = username;
        if (tokens.must_change_password) return say("请先修改密码 · Change the password first: change_password");
        const me = await call("GET", "/me");
        who.textContent = `${me.display_name} · ${me.username} (${me.roles.join(", ")})`;
    });

    onSubmit(logOut, async () => {
        try {
            await call("POST", "/auth/logout");
        } finally {
            forget();
        }
    });
})();
