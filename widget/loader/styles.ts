/**
 * One sheet for the shadow root, adopted rather than inserted, so that a host page with a strict
 * `style-src` needs no exception. `!important` on the host element: the page's own rules would
 * otherwise win over ours there.
 *
 * The first div is the panel: .o open, .c connected to the frame, .e it never answered, .n full screen.
 * The button after it is the launcher.
 */
export const styles = `
:host{all:initial!important;position:fixed!important;z-index:2147483647!important;bottom:calc(16px + env(safe-area-inset-bottom))!important;inset-inline-end:16px!important}
:host([hidden]){display:none!important}
button{all:unset;cursor:pointer;position:absolute;font:500 15px system-ui;text-align:center}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #000}
div~button{bottom:0;inset-inline-end:0;width:56px;height:56px;border-radius:50%;background:var(--a);color:var(--o);box-shadow:0 2px 6px #0003,0 8px 24px #0003;transition:transform .2s}
div~button:hover{transform:scale(1.06)}
svg{position:absolute;inset:14px;fill:currentColor;transition:.2s}
svg+svg{fill:none;stroke:currentColor;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
[aria-expanded=false] svg+svg,[aria-expanded=true] svg:first-child{opacity:0;transform:rotate(-45deg)}
i{position:absolute;bottom:38px;inset-inline-start:36px;padding:0 6px;border:2px solid #fff;border-radius:12px;background:#c0272d;color:#fff;font:600 12px/18px system-ui}
i:empty{display:none}
div{position:absolute;bottom:68px;inset-inline-end:0;width:376px;height:min(680px,100vh - 100px);border-radius:16px;overflow:hidden;background:Canvas;color:CanvasText;box-shadow:0 0 0 1px #0001,0 2px 6px #0001,0 16px 48px #0003;visibility:hidden;opacity:0;transform:translateY(12px);transition:.2s}
.o{visibility:visible;opacity:1;transform:none}
.n{position:fixed;inset:var(--t,0) 0 auto;width:100%;height:var(--h,100%);border-radius:0}
.o.c iframe{visibility:visible}
.n.o.c~button,div button{display:none}
iframe{all:unset;position:absolute;width:100%;height:100%;visibility:hidden}
.e button{display:block;inset:40% 32px auto}
@media(prefers-reduced-motion:reduce){*{transition:none!important}}
@media(forced-colors:active){div,button{border:1px solid}}
@media print{:host{display:none!important}}
`.replaceAll("\n", "");
