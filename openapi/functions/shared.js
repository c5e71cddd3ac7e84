// What several rules ask of an operation.

export const parameter = (operation, place, name) =>
  (operation.parameters ?? []).find((one) => one?.in === place && one.name?.toLowerCase() === name.toLowerCase());

export const successes = (operation) =>
  Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith("2"));

export const header = (response, name) =>
  Object.entries(response?.headers ?? {}).find(([found]) => found.toLowerCase() === name.toLowerCase())?.[1];

/** Where Spectral found the operation: its method and path. */
export const placeOf = (context) => ({ path: String(context.path[1]), method: String(context.path[2]) });

/** `POST {resource}/{action}`: an action on one resource, which a parameter or a word for a single thing names. */
export const isAction = ({ path, method }, document) => {
  const parent = path.slice(0, path.lastIndexOf("/"));
  const collection = document?.paths?.[path]?.get !== undefined;
  return method === "post" && !collection && /(\}|\/score-sheet|\/ranking)$/.test(parent);
};
