/** How a page looks: light, legible, and without anything that is fetched. */

/** The style sheet of a page. Colours of text have a contrast of at least 4.5 on their ground. */
export const style = `
:root { color-scheme: light; --ink: #1f2328; --soft: #57606a; --line: #d9dde2; --ground: #f6f8fa; --link: #0060a0; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--ink); background: white; }
main { max-width: 860px; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 1rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 0 0 .6rem; }
p { margin: 0 0 .8rem; max-width: 72ch; }
a { color: var(--link); }
.claim { border: 1px solid var(--line); border-left: 6px solid; border-radius: 6px; padding: .9rem 1.1rem; margin: 0 0 1rem; }
.claim p { margin: .35rem 0 0; }
.claim .statement { font-weight: 600; margin: 0; }
.claim .about { color: var(--soft); font-size: .9rem; }
.verdict { font-weight: 700; font-size: .9rem; }
.confirmed { border-left-color: #009E73; } .confirmed .verdict { color: #006b4e; }
.contradicted { border-left-color: #D55E00; } .contradicted .verdict { color: #a84300; }
.undecided { border-left-color: #767676; } .undecided .verdict { color: #57606a; }
figure, .table { margin: 0 0 2.5rem; padding: 1.1rem 1.2rem; border: 1px solid var(--line); border-radius: 6px; }
figure svg { display: block; width: 100%; height: auto; }
figcaption, .caption { color: var(--soft); font-size: .93rem; margin: .6rem 0; max-width: 80ch; }
.data { font-size: .9rem; margin: .4rem 0 0; }
.data a { margin-right: 1.2rem; }
summary { cursor: pointer; font-size: .9rem; color: var(--link); margin-top: .5rem; }
.scroll { overflow-x: auto; margin-top: .6rem; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .8rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
th { background: var(--ground); font-weight: 600; }
.number { text-align: right; }
footer { color: var(--soft); font-size: .85rem; margin-top: 3rem; }
@media print { main { max-width: none; padding: 0; } figure, .table, .claim { break-inside: avoid; } summary { display: none; } }
`;
