// Runs in a browser: makes the frames of blocks as high as what stands in them.

export {};

addEventListener('message', ({ data, source }) => {
  if (data?.fake !== 'height') return;
  for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe[data-fit]')) if (frame.contentWindow === source) frame.style.height = `${Math.min(Math.max(Number(data.height) || 0, 40), 4_000)}px`;
});
