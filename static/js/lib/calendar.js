/* Jalali and Gregorian months for the date picker. Days are UTC midnights; the Jalali rules come from Intl,
   so that leap years are those of the browser's calendar data and no second algorithm can disagree. */
const DAY = 86400000;
const persian = new Intl.DateTimeFormat("en-US-u-ca-persian-nu-latn", {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  timeZone: "UTC",
});

function parts(date) {
  const found = Object.fromEntries(persian.formatToParts(date).map((part) => [part.type, Number.parseInt(part.value, 10)]));
  return { year: found.year, month: found.month, day: found.day };
}

/** UTC time of 1 Farvardin of a Jalali year. */
function newYear(year) {
  for (let day = 18; day <= 23; day += 1) {
    const time = Date.UTC(year + 621, 2, day);
    const found = parts(time);
    if (found.month === 1 && found.day === 1) return time;
  }
  throw new RangeError(`no Jalali year ${year}`);
}

export const jalali = {
  separator: "/",
  range: [1, 3000],
  parts,
  date(year, month, day) {
    const before = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
    return new Date(newYear(year) + (before + day - 1) * DAY);
  },
  monthLength(year, month) {
    if (month <= 6) return 31;
    if (month <= 11) return 30;
    return (newYear(year + 1) - newYear(year)) / DAY === 366 ? 30 : 29;
  },
};

export const gregorian = {
  separator: "-",
  range: [1, 3600],
  parts: (date) => ({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }),
  date: (year, month, day) => new Date(Date.UTC(year, month - 1, day)),
  monthLength: (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate(),
};

export const addDays = (date, count) => new Date(date.getTime() + count * DAY);

/** Today in the browser's own time zone, as a UTC midnight. */
export function today() {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
}

/** Move by months, keeping the day where the month allows it. */
export function addMonths(system, date, count) {
  const { year, month, day } = system.parts(date);
  const index = year * 12 + (month - 1) + count;
  const target = { year: Math.floor(index / 12), month: (index % 12) + 1 };
  return system.date(target.year, target.month, Math.min(day, system.monthLength(target.year, target.month)));
}

/** Read "1405/9/1" or "2026-11-22" (ASCII digits); null when it is not a day of either calendar. */
export function parse(value) {
  const match = /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(value);
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number);
  const system = year < 1700 ? jalali : gregorian;
  if (month < 1 || month > 12 || day < 1 || day > system.monthLength(year, month)) return null;
  return system.date(year, month, day);
}

/** Write a day the way the field is typed: 1405/09/01 or 2026-11-22, ASCII digits. */
export function format(system, date) {
  const { year, month, day } = system.parts(date);
  const two = (number) => String(number).padStart(2, "0");
  return [String(year).padStart(4, "0"), two(month), two(day)].join(system.separator);
}
