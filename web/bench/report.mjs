const number = (value) => Number(value.toFixed(1)).toLocaleString('en');

/** One measured figure. `bar`: at most this; negative: at least that; null: no promise. */
export function row(what, value, bar, unit) {
  const missed = bar !== null && (bar < 0 ? value < -bar : value > bar);
  return { what, value, bar, unit, missed };
}

export function table(rows) {
  const lines = rows.map(({ what, value, bar, unit, missed }) => {
    const promise = bar === null ? '' : `${bar < 0 ? '≥' : '≤'} ${number(Math.abs(bar))} ${unit}`;
    return `| ${what} | ${number(value)} ${unit}${missed ? ' **missed**' : ''} | ${promise} |`;
  });
  const head = ['| The window, in Chromium | measured | promised |', '| --- | --- | --- |'];
  return `${[...head, ...lines].join('\n').replace(/ +\|/g, ' |')}\n`;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
