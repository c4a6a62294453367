// The worker of ticker.ts: told an interval in ms, it answers with a message each time that it has passed.

onmessage = (event: MessageEvent<number>): void => {
  setInterval(() => postMessage(undefined), event.data);
};
