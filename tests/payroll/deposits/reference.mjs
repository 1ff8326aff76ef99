// Writes reference/*.txt: the files that an independent program makes of cases.json.
//
// They are kept beside this script, so that the tests need neither Node nor a network. To make them
// again, in an empty folder:   npm install @cityssm/eft-generator@1.0.0
//                              TZ=UTC node reference.mjs <folder of this script>
// Version 1.0.0 (MIT) and Node 20 wrote those that are kept, on 2026-11-29.
import fs from "node:fs";
import path from "node:path";
import { EFTGenerator } from "@cityssm/eft-generator";

const folder = process.argv[2];
const day = (text) => new Date(`${text}T12:00:00`);
const cases = JSON.parse(fs.readFileSync(path.join(folder, "cases.json"), "utf8"));
fs.mkdirSync(path.join(folder, "reference"), { recursive: true });

for (const [name, { originator, number, made_on, credits }] of Object.entries(cases)) {
  const generator = new EFTGenerator({
    originatorId: originator.id,
    originatorShortName: originator.short,
    originatorLongName: originator.long,
    fileCreationNumber: String(number).padStart(4, "0"),
    fileCreationDate: day(made_on),
    destinationDataCentre: originator.centre,
    destinationCurrency: "CAD",
    returnInstitutionNumber: originator.returns[0],
    returnTransitNumber: originator.returns[1],
    returnAccountNumber: originator.returns[2],
  });
  // One transaction of many segments: they are written six to a record, as the standard has it.
  generator.addTransaction({
    recordType: "C",
    segments: credits.map(([amount, available_on, institution, transit, account, payee, reference]) => ({
      cpaCode: "200",
      amount: Number(amount),
      paymentDate: day(available_on),
      bankInstitutionNumber: institution,
      bankTransitNumber: transit,
      bankAccountNumber: account,
      payeeName: payee,
      crossReferenceNumber: reference,
    })),
  });
  fs.writeFileSync(path.join(folder, "reference", `${name}.txt`), generator.toCPA005());
}
