// SPDX-License-Identifier: Apache-2.0
// Runs the script of the public verification page as the browser does: reads {rules, sentences, cases} and answers with
// what the page would show for each case.
import { readFileSync } from 'node:fs';
import { asked, check } from '../../src/gradus/web/ui/static/verify/check.js';
import { Voice, viewOf } from '../../src/gradus/web/ui/static/verify/view.js';

const given = JSON.parse(readFileSync(0, 'utf8'));
const bytes = text => new Uint8Array(Buffer.from(text, 'base64'));
const file = each => each && {name: each.name, data: bytes(each.data)};

async function shown(each) {
  const now = Date.parse(each.now);
  const {day, at, toCome} = asked(each.day, now);
  const carried = {bundle: each.bundle, lists: each.lists, overtaken: each.overtaken ?? [], rules: given.rules};
  const found = await check({certificate: file(each.certificate), receipt: file(each.receipt)}, carried, at, now);
  return viewOf(found, new Voice(given.sentences[each.language], each.language), day, toCome);
}

const answers = [];
for(const each of given.cases) {
  answers.push(await shown(each));
}
console.log(JSON.stringify(answers));
