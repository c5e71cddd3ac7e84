// Rule 7: every body has an example.
export default function exampled(media) {
  if (media.example !== undefined || Object.keys(media.examples ?? {}).length > 0) return [];
  return [{ message: "an example is missing" }];
}
