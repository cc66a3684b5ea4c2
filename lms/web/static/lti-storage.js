// What a platform keeps for a tool: asked of the frame that it named, and believed only from its own origin.

export async function ask({ storage, origin }, message, wait = 1500) {
  const frame = storage === "_parent" ? window.parent : window.parent.frames[storage];
  if (!frame || window.parent === window) return null;
  const message_id = crypto.randomUUID();
  return new Promise((answered) => {
    addEventListener("message", function heard(event) {
      if (event.origin !== origin || event.data?.message_id !== message_id) return;
      removeEventListener("message", heard);
      answered(event.data.error ? null : event.data);
    });
    setTimeout(() => answered(null), wait);
    frame.postMessage({ ...message, message_id }, origin);
  });
}
