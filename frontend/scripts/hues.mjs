// Prints the twelve avatar and class colours for tokens.css, evenly spaced in
// OKLCH, so that none looks louder than another.
const hues = [12, 38, 62, 88, 118, 145, 172, 200, 232, 262, 298, 338]

function hex(l, c, h) {
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ]
  const bytes = linear.map((x) => {
    const v = Math.min(1, Math.max(0, x))
    const s = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055
    return Math.round(s * 255).toString(16).padStart(2, '0')
  })
  return `#${bytes.join('')}`
}

for (const [theme, back, front] of [
  ['light', [0.91, 0.05], [0.41, 0.105]],
  ['dark', [0.34, 0.055], [0.87, 0.075]],
]) {
  console.log(`/* ${theme} */`)
  hues.forEach((h, i) => console.log(`  --hue-${i}: ${hex(...back, h)};\n  --hue-${i}-ink: ${hex(...front, h)};`))
}
