import { ON_RECORD } from '@tributary/platform';

/** Whether what an entry was made of still holds: a value is its head, as JSON, then a line feed and its body. */
const HOLDS = `
local function holds(value)
  local head = cjson.decode(string.sub(value, 1, string.find(value, '\\n', 1, true) - 1))
  local begun = tonumber(head.begun)
  if begun < horizon then return false end
  for _, label in ipairs(head.labels) do
    if (countOf('l:' .. label) or 0) > begun then return false end
  end
  return true
end
local entries = record .. ':' .. generation .. ':'
`;

/**
 * Looks entries and marks up. `ARGV` is the number of marks, the marks, and the keys; the answer is the generation,
 * the count, 1 where a mark is set, and for each key its value, or null where there is none that holds.
 */
export const LOOKUP = `${ON_RECORD}${HOLDS}
local answer = { generation, text(now), 0 }
local marks = tonumber(ARGV[1])
for index = 2, marks + 1 do
  if redis.call('EXISTS', record .. ':mark:' .. ARGV[index]) == 1 then answer[3] = 1 end
end
for index = marks + 2, #ARGV do
  local value = redis.pcall('GET', entries .. ARGV[index])
  -- What is no entry of ours is none.
  local readable, current = pcall(holds, value)
  answer[#answer + 1] = readable and current and value
end
return answer
`;

/** Keeps entries. \`ARGV\` is the generation in which their reading began, and for each its key, milliseconds, value. */
export const KEEP = `${ON_RECORD}${HOLDS}
if ARGV[1] ~= generation then return 0 end
for index = 2, #ARGV, 3 do
  local value = ARGV[index + 2]
  if holds(value) then redis.call('SET', entries .. ARGV[index], value, 'PX', ARGV[index + 1]) end
end
return 1
`;
