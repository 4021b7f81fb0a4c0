/** Whether a text matches, whatever the case of its ASCII letters; an empty filter matches all. */
export const MATCH = `
local function matches(text, wanted)
  return wanted == '' or (type(text) == 'string' and string.find(string.lower(text), wanted, 1, true) ~= nil)
end
`

/** As the scripts compare: ASCII letters in lower case. */
export const lower = (text = '') => text.replace(/[A-Z]/g, letter => letter.toLowerCase())
