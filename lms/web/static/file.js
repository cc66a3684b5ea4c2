// The last resort when no link comes back: the answers as a file, which staff can put in.

export function download(attempt, answers) {
  const text = JSON.stringify({ format: "latsar-answers-1", attempt, answers }, null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `jawaban-${attempt.slice(0, 8)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
