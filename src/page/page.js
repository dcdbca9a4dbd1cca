// Copies, counts down by the server's clock, asks how the payment stands; without it the page is whole
(() => {
const $ = i => document.getElementById(i), j = JSON.parse($("j").textContent), live = $("s"), left = $("t");
const say = (e, t) => { if (e && e.textContent !== t) e.textContent = t };
const show = (i, can, act) => { const b = $(i); if (b && can) { b.hidden = false; b.onclick = act } };
const copier = (i, e, done) => show(i, e, () => {
const good = () => { say($("m"), done); say($(i), done) };
const poor = () => { getSelection().selectAllChildren(e); document.execCommand("copy") ? good() : say($("h"), j.fail) };
navigator.clipboard ? navigator.clipboard.writeText(e.textContent).then(good, poor) : poor() });
copier("k", $("c"), j.copied);
copier("ka", $("a"), j.summed);
show("p", 1, () => print());
show("sh", navigator.share, () => navigator.share({ text: decodeURIComponent($("wa").search.slice(6)) }).catch(() => 0));
try {
document.querySelectorAll(".where details").forEach(d => d.ontoggle = () => { if (d.open) localStorage.efectivo = d.id });
for (let d = $(localStorage.efectivo); d; d = d.parentElement) d.open = true
} catch (e) {}
if (location.protocol === "file:") return;
let skew = j.now - Date.now(), n = 0, timer, asked = 0, undo = () => 0;
const lost = () => say(live, j.end <= Date.now() + skew ? j.over : navigator.onLine ? j.stale : j.off);
const soon = ms => { clearTimeout(timer); timer = setTimeout(ask, ms) };
const ask = async () => {
if (document.hidden || !j.open) return;
asked = Date.now();
try {
const a = await (await fetch(j.url + "/status", { cache: "no-store" })).json();
if (!a.reload) throw a;
skew = a.now - Date.now(); j.stale = a.stale;
say(live, a.text); say($("u"), a.updated);
if (a.reload !== j.reload) location.reload()
} catch (e) { lost() }
undo();
soon(n < 6 ? 1e4 : n < 16 ? 3e4 : 12e4); n++ };
const back = () => { if (Date.now() - asked > 3e3) { n = 0; ask() } };
document.onvisibilitychange = window.onfocus = window.ononline = back;
document.querySelectorAll("form[data-t],form[data-d]").forEach(f => {
const b = f.firstChild, was = b.textContent, { t, d, f: poor } = f.dataset;
f.onsubmit = e => {
e.preventDefault();
if (t) { say(b, t); undo = () => say(b, was) }
fetch(f.action, { method: "POST", redirect: "manual" }).then(r => {
if (r.type !== "opaqueredirect") throw r;
if (d) say(b, d);
setTimeout(back, 4e3) }).catch(() => { undo(); poor ? say(b, poor) : lost() }) } });
const tick = () => {
const m = Math.ceil((j.end - Date.now() - skew) / 6e4), d = Math.floor(m / 1440);
say(left, m < 1 ? j.over : (m < 2 ? j.l1 : m < 60 ? j.l2 : d > 1 ? j.d2 : d ? j.d1 : j.d0).replace("{d}", d).replace("{h}", Math.floor(m / 60) % 24).replace("{m}", m % 60));
if (m < 1) back(); else setTimeout(tick, 15e3) };
if (left) tick();
soon(1e4)
})();
