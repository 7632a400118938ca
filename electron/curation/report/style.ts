/** The page's only style: light or dark as the reader's system has it, and plain on paper. */
export const STYLE = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1c2126; --quiet: #565e66; --line: #d3d8dd; --band: #f3f5f7;
  --link: #0b57a4; --cut: #a3242b; --keep: #1c6b3c; --open: #855200; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --text: #e6e9ec; --quiet: #a5adb5; --line: #3a4249;
  --band: #1e2327; --link: #7db8f5; --cut: #ff9a9f; --keep: #7fd69e; --open: #f0b95b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 20px 48px; max-width: 1180px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); }
h3 { font-size: 16px; margin: 20px 0 4px; }
p { margin: 6px 0; max-width: 90ch; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.quiet { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 4px; font-size: 14px; }
caption { text-align: left; color: var(--quiet); padding: 4px 0; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--quiet); border-bottom-width: 2px; white-space: nowrap; }
tbody th { font-weight: 600; }
tbody th > code { white-space: nowrap; }
tbody th p { font-weight: 400; margin: 2px 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.moment { min-width: 15em; }
.wide { min-width: 17em; }
td li, td p, th p { overflow-wrap: break-word; }
code { font: 0.86em/1.4 ui-monospace, monospace; background: var(--band); padding: 1px 4px; border-radius: 3px;
  user-select: all; overflow-wrap: anywhere; }
code.address { color: var(--quiet); font-size: 0.78em; }
h1, h2, li, p { overflow-wrap: anywhere; }
ul { margin: 4px 0; padding-left: 20px; }
ul.plain { list-style: none; padding: 0; margin: 0; }
.word { font-weight: 600; }
.cut { color: var(--cut); }
.keep { color: var(--keep); }
.open { color: var(--open); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 4px 24px; margin: 16px 0; }
dl div { display: flex; flex-direction: column-reverse; justify-content: flex-end; border-top: 2px solid var(--line); padding-top: 6px; }
dt { color: var(--quiet); font-size: 13px; }
dd { margin: 0; font-size: 22px; line-height: 1.2; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; color: var(--link); }
img { display: block; max-width: 100%; height: auto; margin: 8px 0; border: 1px solid var(--line); background: var(--band); }
nav ul { columns: 260px; }
nav li { break-inside: avoid; }
@media print {
  :root { color-scheme: light; --page: #ffffff; --text: #000000; --quiet: #444444; --line: #aaaaaa; --band: #ffffff;
    --link: #000000; --cut: #7a1018; --keep: #0d4d27; --open: #5e3a00; }
  body { padding: 0; max-width: none; font-size: 11px; }
  table { font-size: 10px; }
  .scroll { overflow: visible; }
  .moment, .wide { min-width: 0; }
  tr, img, dl div { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  nav { display: none; }
}
`;
