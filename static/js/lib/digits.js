/* Digits: Persian (U+06F0), Arabic (U+0660) and Latin, as the person typed and as the person reads. */
const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";

export const wantsPersian = () => document.documentElement.dataset.digits === "fa";

/** Any digits to ASCII; the Persian decimal and group separators to "." and ",". */
export function toAscii(value) {
  return String(value)
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/٫/g, ".")
    .replace(/٬/g, ",");
}

/** ASCII digits to the digits of the user's preference. */
export function toUser(value) {
  return wantsPersian() ? String(value).replace(/\d/g, (digit) => PERSIAN[Number(digit)]) : String(value);
}

/** A whole number with group separators in the user's digits. */
export function formatNumber(value) {
  return new Intl.NumberFormat(wantsPersian() ? "fa-IR" : "en-US").format(value);
}
