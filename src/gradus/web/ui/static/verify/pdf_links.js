// SPDX-License-Identifier: Apache-2.0
// What can be clicked on a certificate's page: links to the address of the credential it carries, and nothing else
// (docs/formats/certificate-pdf.md): trust/pdf_links.py in JavaScript.
import { parseCanonical } from "./canonical.js";
import { latin1, utf8 } from "./encodings.js";
import { Name, Text, equal, isDictionary } from "./pdf_syntax.js";
import { refuse } from "./refusal.js";

const PLACED = ["Rect", "StructParent"];

/** Refuses anything besides such links; a page without any is good. */
export function checkLinks(page, credential, rules) {
  const addresses = annotations(page).map(addressOf);
  if (!addresses.length) return;
  const name = "credential.json";
  const document = credential && parseCanonical(credential, name, rules.largest.credential, rules.deepest);
  const address = document?.id;
  if (typeof address !== "string" || addresses.some(each => each !== latin1(utf8(address)))) refuse("pdf.link");
}

function annotations(page) {
  const sheets = [...page.objects.values()].map(each => each.value).filter(each => isDictionary(each) && each.has("Annots"));
  const listed = sheets.map(each => each.get("Annots"));
  if (!listed.every(Array.isArray)) refuse("pdf.annotation");
  return listed.flat().map(ref => page.entries(ref));
}

/** Where a link of the one form leads, which it tells those who cannot see it, too. */
function addressOf(link) {
  const address = link.get("Contents");
  const action = new Map([["Type", new Name("Action")], ["S", new Name("URI")], ["URI", address]]);
  const form = { Type: new Name("Annot"), Subtype: new Name("Link"), F: 4, Border: [0, 0, 0], A: action, Contents: address };
  const fixed = new Map([...link].filter(([key]) => !PLACED.includes(key)));
  if (!(address instanceof Text) || !equal(fixed, new Map(Object.entries(form)))) refuse("pdf.annotation");
  return address.text;
}
