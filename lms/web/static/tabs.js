// Tabs of one attempt on one device tell each other what was answered, so that none of them grows old.

// Returns how to tell the others; `hear` is called with what another one told.
export function tabs({ user, attempt }, hear) {
  if (!("BroadcastChannel" in window)) return () => {};
  const channel = new BroadcastChannel(`latsar-${attempt}`);
  channel.onmessage = ({ data }) => data.user === user && hear(data);
  return (said) => channel.postMessage({ user, ...said });
}
