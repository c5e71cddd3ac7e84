// Rule 1: operations are below /api/v1, but for those of the server itself; collections are plural; verbs are actions (POST).
const OUTSIDE = /^\/(\.well-known|health|docs|problems|oauth2)\/|^\/openapi\.json$/;
const VERBS = new Set(
  "accept add approve assign begin cancel change check close confirm copy create declare delete disable disqualify enable endorse file get lift list lock move open plan propose publish put receive record reject release remove reopen request reset resolve return reveal revoke rotate save send submit substitute swap test unlock update upload verify waive withdraw".split(" "),
);

export default function placed(paths) {
  const found = [];
  for (const [path, item] of Object.entries(paths)) {
    const at = (message) => found.push({ message: `${path}: ${message}`, path: ["paths", path] });
    if (!path.startsWith("/api/v1/") && !OUTSIDE.test(path)) at("is outside /api/v1");
    const words = path.replace(/^\/api\/v1/, "").split("/").slice(1);
    words.forEach((word, index) => {
      const numbered = words[index + 1]?.startsWith("{");
      if (numbered && !word.startsWith("{") && /^[a-z-]+$/.test(word) && !word.endsWith("s") && !OUTSIDE.test(path)) {
        if (!(word === "ranking")) at(`'${word}' holds many and is to be in the plural`);
      }
    });
    const last = words[words.length - 1];
    const others = Object.keys(item).filter((method) => ["get", "put", "patch", "delete"].includes(method));
    if (VERBS.has(last.split("-")[0]) && others.length > 0) at(`'${last}' is an action, which is a POST`);
  }
  return found;
}
