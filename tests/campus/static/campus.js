// What a platform does for the tool in its frame: its height, what it has it keep, and that it may go.
const frame = document.querySelector("iframe");
const kept = new Map();
addEventListener("message", ({ data, origin, source }) => {
  if (source !== frame.contentWindow) return;
  if (data.subject === "lti.frameResize") frame.style.height = `${data.height + 2}px`;
  if (data.subject === "org.imsglobal.lti.close") {
    frame.remove();
    document.querySelector("[role=status]").textContent = "Registered.";
  }
  if (!("keeps" in frame.dataset) || origin !== frame.dataset.tool) return;
  const answer = (told) => source.postMessage({ subject: `${data.subject}.response`, message_id: data.message_id, ...told }, origin);
  if (data.subject === "lti.put_data") {
    kept.set(data.key, data.value);
    answer({ key: data.key, value: data.value });
  }
  if (data.subject === "lti.get_data") answer({ key: data.key, value: kept.get(data.key) });
});
