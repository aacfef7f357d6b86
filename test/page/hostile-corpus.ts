/** Text that tries to become something else. Each is also tried cut, doubled, inside an address and after a line break. */
const SEEDS = [
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>', '<iframe src="javascript:alert(1)">',
  '<a href="javascript:alert(1)">x</a>', '"><script>alert(1)</script>', "'><script>alert(1)</script>", '" onmouseover="alert(1)', "' autofocus onfocus='alert(1)", '</title><script>alert(1)</script>',
  '</style><script>alert(1)</script>', '<style>*{display:none}</style>', '</li></ol></section></main><h1>Forged</h1>', '<!--', '-->', '<!--><script>alert(1)</script>', '<![CDATA[<script>alert(1)</script>]]>', ']]>',
  '&lt;script&gt;alert(1)&lt;/script&gt;', '&#60;script&#62;', '&#x3c;img src=x&#x3e;', '&', '&amp', '&nbsp;', '<math><mi xlink:href="data:x,<script>alert(1)</script>">', '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">', '<link rel=stylesheet href=//evil.example>', '<form action=//evil.example><button>x', '<input autofocus onfocus=alert(1)>', '<details open ontoggle=alert(1)>',
  '<template><script>alert(1)</script></template>', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<plaintext>', '<xmp>', '<textarea>', '<select><option>', '<table><tr><td>', '<body onload=alert(1)>',
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\nscript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:msgbox(1)', 'http://', 'https://', 'https://"onclick=alert(1)', 'https://evil.example/"><script>alert(1)</script>',
  'https://user:secret@evil.example/', "https://evil.example/'onclick='alert(1)", 'https://evil.example/`x`', 'https://evil.example/\\"x', 'http://[::1', 'https://evil.example:99999/', 'https://ex\u0430mple.com/', 'https://e.example/%3Cscript%3E',
  '{{constructor.constructor("alert(1)")()}}', '$' + '{alert(1)}', '#{7*7}', '<%= 7*7 %>', '__proto__', 'constructor', '\u202egnp.exe', '\u2066x\u2069', '\u200e\u200f\u200b', '\ufeffBOM', '\u0000nul', '\u001b[31mred', '\u001b]8;;https://evil.example\u0007x',
  '\u0085', '\u2028line', '\u2029par', '\ud800', '\udc00', '\uffff\ufffe', '\u{1F9EF}', '\u{1F468}\u200d\u{1F692}', 'e\u0301'.repeat(50), '\u0627\u0644\u0639', '\r\n\r\n', '\t\t', '   ', '\u00a0', '=1+1', '-1', '@here', '<!channel>', '%s%n', "'; DROP TABLE x;--", '../../etc/passwd', 'a'.repeat(300), '<'.repeat(25_000),
] // biome-ignore format: a corpus

export const CORPUS: readonly string[] = SEEDS.flatMap(seed => [
  seed,
  `Requests fail ${seed}`,
  seed.slice(0, Math.ceil(seed.length / 2)),
  `https://example.com/?q=${seed}`,
  `${seed}\n\n${seed.slice(0, 500)}`,
  `"${seed}'`,
])
