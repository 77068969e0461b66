/**
 * One sheet for the shadow root, adopted rather than inserted, so that a host page with a strict
 * `style-src` needs no exception. `!important` on the host element: the page's own rules would
 * otherwise win over ours there.
 *
 * The div is the panel: .o open, .c connected to the frame, .n full screen. The button after it is the
 * launcher, drawn by its pseudo-elements: before is the icon, after the badge.
 */
export const styles = `
:host{all:initial!important;position:fixed!important;z-index:2147483647!important;bottom:max(16px,env(safe-area-inset-bottom))!important;inset-inline-end:16px!important}
*,::before,::after{all:unset;position:absolute;box-sizing:border-box;border:1px solid #0000;font:600 12px/20px system-ui;text-align:center}
button{cursor:pointer;bottom:0;inset-inline-end:0;width:56px;height:56px;border-radius:50%;background:#3f51d1;color:#fff;box-shadow:0 4px 20px #0004}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #000}
button::before{content:"";inset:15px;background:currentColor;forced-color-adjust:none;clip-path:path("M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-7l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z")}
[aria-expanded=true]::before{clip-path:path("M4 7l8 8 8-8 2 2-10 10-10-10z")}
button::after{content:attr(data-n);inset:-5px -5px auto auto;min-width:20px;padding:0 4px;border-radius:16px;background:#c0272d;color:#fff;outline:2px solid #fff}
[hidden],[data-n=""]::after,.c p,.n.o.c~button{display:none}
div{bottom:68px;inset-inline-end:0;width:376px;height:min(680px,100vh - 100px);border-radius:16px;overflow:hidden;background:Canvas;color:CanvasText;box-shadow:0 4px 20px #0004;transition:opacity .2s}
div:not(.o),div:not(.c) iframe{visibility:hidden;opacity:0}
.n{position:fixed;inset:var(--t,0) 0 auto;height:var(--h,100%);border-radius:0}
p{inset:45% 24px auto}
iframe{inset:0;height:100%}
.n,iframe{width:100%;border:0}
button:hover{filter:brightness(1.2)}
@media print{*{display:none}}
`.replaceAll("\n", "");
