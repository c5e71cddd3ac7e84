// As much of a browser as a log-in needs: it keeps cookies by host and path, follows redirects one by one, and sends forms.

/** A browser without a cookie. */
export function browser() {
  const jar = [];
  const keep = (url, text) => {
    const [pair, ...attributes] = text.split("; ");
    const [, name, value] = pair.match(/^([^=]+)=(.*)$/);
    const said = Object.fromEntries(attributes.map((one) => one.toLowerCase().split("=")));
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? "/";
    const at = jar.findIndex((one) => one.name === name && one.path === path && one.host === url.host);
    if (at >= 0) jar.splice(at, 1);
    const over = said["max-age"] === "0" || (said.expires && new Date(said.expires) < new Date());
    if (!over) jar.push({ host: url.host, path, name, value });
  };
  const cookies = (url) =>
    jar.filter(({ host, path }) => host === url.host && (url.pathname === path || url.pathname.startsWith(path === "/" ? path : `${path}/`)));

  /** Asks for one address, and goes nowhere else. */
  const ask = async (address, options = {}) => {
    const url = new URL(address);
    const cookie = cookies(url)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
    const headers = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8", ...options.headers, ...(cookie && { Cookie: cookie }) };
    const answer = await fetch(url, { ...options, headers, redirect: "manual" });
    answer.headers.getSetCookie().forEach((text) => keep(url, text));
    return answer;
  };

  /** Goes on from an address until something else than a redirect comes, or an address that somebody waits for. */
  const follow = async (address, until, options) => {
    let answer = await ask(address, options);
    for (let steps = 0; steps < 20; steps += 1) {
      const place = answer.headers.get("location");
      if (!place) return { address, answer };
      address = new URL(place, address).href;
      if (until(address)) return { address };
      answer = await ask(address);
    }
    throw new Error(`too many redirects, the last to ${address}`);
  };

  /** Sends the form of a page. */
  const send = (page, html, fields, until) => {
    const action = html.match(/<form[^>]* action="([^"]+)"/)?.[1];
    if (!action) throw new Error(`there is no form at ${page}: ${html.slice(0, 500)}`);
    const hidden = [...html.matchAll(/<input[^>]* type="hidden"[^>]*>/g)].map(([input]) => [
      input.match(/ name="([^"]+)"/)[1],
      input.match(/ value="([^"]*)"/)?.[1] ?? "",
    ]);
    const body = new URLSearchParams([...hidden, ...Object.entries(fields)]);
    return follow(new URL(action, page).href, until, { method: "POST", body });
  };

  return { ask, follow, send };
}
