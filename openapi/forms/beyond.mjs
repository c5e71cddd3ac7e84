// What the server asks of a form and no schema can say: in each of these a form that ajv takes is refused, and rightly so. Whatever
// else the two do not agree on is a disagreement.
import { FORBIDDEN, checkDigit } from "./instances.mjs";

const BORN = /^[1-9][0-9]{5}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]$/;

function isBirthday(citizenId) {
    const [, year, month, day] = BORN.exec(citizenId) ?? [];
    const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day) && Number(year) >= 1800;
}

/** By code: of which values, and why; and whether such a form is read no further, so that its other faults are not told. */
export const BEYOND = [
    {
        code: "own_unit_only",
        means: "unit_name",
        of: (value, { unit }) => value !== unit.name,
        reason: "A unit declares itself; one form serves all units.",
    },
    {
        code: "invalid_check_digit",
        means: "citizen_id",
        of: (value) => isBirthday(value) && checkDigit(value) !== value[17],
        reason: "A check digit is reckoned (GB 11643-1999).",
    },
    {
        code: "wrong_format",
        means: "citizen_id",
        of: (value) => BORN.test(value) && !isBirthday(value),
        reason: "A day of birth that never was; the pattern knows digits alone.",
    },
    {
        code: "masked_value",
        of: (value) => value.includes("*"),
        reason: "What is shown with a mask does not come back as it is shown (D-904).",
    },
    {
        code: "control_character",
        of: (value) => FORBIDDEN.test(value),
        alone: true,
        reason: "No text of the whole contract holds such a character (D-905); a form's schema does not repeat it.",
    },
];
