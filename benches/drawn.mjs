// Reads pictures back: any SVG is drawn by resvg, then read by jsQR or ZXing, none of which is ours.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import zxing from '@zxing/library';
import jsQR from 'jsqr';

let ready;

/** White behind, four pixels a unit. */
async function drawn(svg) {
  ready ??= initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  await ready;
  const plain = svg.includes('xmlns=') ? svg : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
  const image = new Resvg(plain, { background: '#fff', fitTo: { mode: 'zoom', value: 4 } }).render();
  return { width: image.width, height: image.height, pixels: Uint8ClampedArray.from(image.pixels) };
}

export async function readQr(svg) {
  const { width, height, pixels } = await drawn(svg);
  return jsQR(pixels, width, height)?.data;
}

export async function readCode128(svg) {
  const { width, height, pixels } = await drawn(svg);
  const grey = Uint8ClampedArray.from({ length: width * height }, (_, at) => pixels[at * 4]);
  const bitmap = new zxing.BinaryBitmap(new zxing.HybridBinarizer(new zxing.RGBLuminanceSource(grey, width, height)));
  return new zxing.Code128Reader().decode(bitmap, new Map([[zxing.DecodeHintType.TRY_HARDER, true]])).getText();
}
