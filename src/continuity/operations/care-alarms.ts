/** Alarms about what people write and read: lines, conflicts, paper, packs. */
import type { Rule } from './alarm-rule.ts';

export const careRules: readonly Rule[] = [
  {
    number: 'upstreamSilentSeconds',
    warning: 60,
    critical: 300,
    bad: 'high',
    title: { nb: 'Ingen svar fra noden over', nn: 'Ikkje svar frå noden over', en: 'No answer from the node above' },
    care: {
      nb: 'Arbeidet her går videre. Det som skrives andre steder, vises ikke her før forbindelsen er tilbake.',
      nn: 'Arbeidet her går vidare. Det som blir skrive andre stader, viser ikkje her før tilknytinga er tilbake.',
      en: 'Work here goes on. What is written elsewhere does not show here until the connection is back.',
    },
    action: {
      nb: 'Se om linjen eller noden over er nede. Erklær nedetid hvis det varer (docs/runbook.md).',
      nn: 'Sjå om linja eller noden over er nede. Erklær nedetid om det varer (docs/runbook.md).',
      en: 'See whether the line or the node above is down. Declare downtime if it lasts (docs/runbook.md).',
    },
  },
  {
    number: 'upstreamRefused',
    warning: 0,
    critical: 0,
    bad: 'high',
    title: {
      nb: 'Noden over snakker ikke med denne',
      nn: 'Noden over snakkar ikkje med denne',
      en: 'The node above does not speak with this one',
    },
    care: {
      nb: 'Her leses og skrives det videre, men ingenting kommer inn eller ut.',
      nn: 'Her blir det lese og skrive vidare, men ingenting kjem inn eller ut.',
      en: 'Reading and writing go on here, but nothing comes in or goes out.',
    },
    action: {
      nb: 'Se hvorfor i «Linjer»: en kopi av noden er i gang et annet sted, noden er fjernet i regionen, eller versjonene er for langt fra hverandre. Er dette kopien: stopp den.',
      nn: 'Sjå kvifor i «Linjer»: ein kopi av noden er i gang ein annan stad, noden er fjerna i regionen, eller versjonane er for langt frå kvarandre. Er dette kopien: stopp han.',
      en: 'See why under “Lines”: a copy of the node runs elsewhere, the node was removed at the region, or the versions are too far apart. If this is the copy: stop it.',
    },
  },
  {
    number: 'regionAgeSeconds',
    warning: 60,
    critical: 600,
    bad: 'high',
    title: {
      nb: 'Sykehuset har ingen forbindelse med regionen',
      nn: 'Sjukehuset har inga tilknyting til regionen',
      en: 'The hospital has no connection with the region',
    },
    care: {
      nb: 'Avdelingen og sykehuset arbeider videre sammen. Det som er skrevet utenfor sykehuset siden, mangler her.',
      nn: 'Avdelinga og sjukehuset arbeider vidare saman. Det som er skrive utanfor sjukehuset sidan, manglar her.',
      en: 'The ward and its hospital work on together. What was written outside the hospital since is missing here.',
    },
    action: {
      nb: 'Se sykehusets egen node og linjen fra den til regionen. Her er det ingenting å gjøre.',
      nn: 'Sjå den eigne noden til sjukehuset og linja frå han til regionen. Her er det ingenting å gjere.',
      en: "Look at the hospital's own node, and at its line to the region. There is nothing to do here.",
    },
  },
  {
    number: 'feedLagSeconds',
    warning: 60,
    critical: 600,
    bad: 'high',
    title: {
      nb: 'Opplysninger utenfra kommer sent',
      nn: 'Opplysningar utanfrå kjem seint',
      en: 'Information from elsewhere comes late',
    },
    care: {
      nb: 'Prøvesvar og forordninger fra andre steder kan mangle her. Se alderen som står på siden.',
      nn: 'Prøvesvar og forordningar frå andre stader kan mangle her. Sjå alderen som står på sida.',
      en: 'Results and orders from elsewhere may be missing here. Look at the age that stands on the page.',
    },
    action: {
      nb: 'Se etter en lang transaksjon eller full disk på noden over, og på linjen.',
      nn: 'Sjå etter ein lang transaksjon eller full disk på noden over, og på linja.',
      en: 'Look for a long transaction or a full disk at the node above, and at the line.',
    },
  },
  {
    number: 'backlog',
    warning: 10_000,
    critical: 100_000,
    bad: 'high',
    title: {
      nb: 'Mye venter på å bli sendt oppover',
      nn: 'Mykje ventar på å bli sendt oppover',
      en: 'Much waits to be sent upstream',
    },
    care: {
      nb: 'Andre steder ser ikke det som er skrevet her ennå.',
      nn: 'Andre stader ser ikkje det som er skrive her enno.',
      en: 'Other places do not see yet what was written here.',
    },
    action: {
      nb: 'Hold noden i gang og se til diskplassen. Når linjen er nede lenge: fyr carry out til en minnepinne.',
      nn: 'Hald noden i gang og sjå til diskplassen. Når linja er nede lenge: fyr carry out til ein minnepinne.',
      en: 'Keep the node running and mind the disk. Where the line is gone for long: fyr carry out onto a memory stick.',
    },
  },
  {
    number: 'conflicts',
    warning: 0,
    critical: 50,
    bad: 'high',
    title: {
      nb: 'Konflikter venter på en person',
      nn: 'Konfliktar ventar på ein person',
      en: 'Conflicts wait for a person',
    },
    care: {
      nb: 'Begge versjoner vises til noen har avgjort. Allergier vises samlet.',
      nn: 'Begge versjonar viser til nokon har avgjort. Allergiar viser samla.',
      en: 'Both versions are shown until somebody has decided. Allergies are shown together.',
    },
    action: {
      nb: 'De ansvarlige avgjør i oppgavelisten, før fristen.',
      nn: 'Dei ansvarlege avgjer i oppgåvelista, før fristen.',
      en: 'The owners decide in the task list, before the deadline.',
    },
  },
  {
    number: 'quarantine',
    warning: 0,
    critical: 100,
    bad: 'high',
    title: { nb: 'Noe ble satt til side', nn: 'Noko vart sett til side', en: 'Something was set aside' },
    care: {
      nb: 'Det er tatt vare på, men vises ikke i journalen her.',
      nn: 'Det er teke vare på, men viser ikkje i journalen her.',
      en: 'It is kept, and does not show in the record here.',
    },
    action: {
      nb: 'Se hvorfor (GET /api/operations), oppgrader noden hvis den er eldre enn avsenderen.',
      nn: 'Sjå kvifor (GET /api/operations), oppgrader noden om han er eldre enn avsendaren.',
      en: 'See why (GET /api/operations); upgrade the node where it is older than the sender.',
    },
  },
  {
    number: 'doubles',
    warning: 0,
    bad: 'high',
    title: {
      nb: 'Noe kan ha skjedd to ganger',
      nn: 'Noko kan ha hendt to gonger',
      en: 'Something may have happened twice',
    },
    care: {
      nb: 'En dose eller utlevering kan være gitt dobbelt. Se til pasienten.',
      nn: 'Ein dose eller ei utlevering kan vere gitt dobbelt. Sjå til pasienten.',
      en: 'A dose or a dispense may have been given twice. See to the patient.',
    },
    action: {
      nb: 'Ansvarlig behandler avklarer hvert varsel.',
      nn: 'Ansvarleg behandlar avklarar kvart varsel.',
      en: 'The responsible clinician settles each alert.',
    },
  },
  {
    number: 'paperOpen',
    warning: 0,
    bad: 'high',
    title: {
      nb: 'Papirskjemaer er ikke ført inn',
      nn: 'Papirskjema er ikkje førte inn',
      en: 'Paper forms are not entered',
    },
    care: {
      nb: 'Det som står på papir, vises ikke i journalen.',
      nn: 'Det som står på papir, viser ikkje i journalen.',
      en: 'What stands on paper does not show in the record.',
    },
    action: {
      nb: 'Før dem inn, medisiner først, eller meld dem ubrukt eller tapt.',
      nn: 'Før dei inn, medisinar først, eller meld dei ubrukte eller tapte.',
      en: 'Enter them, medicines first, or report them unused or lost.',
    },
  },
  {
    number: 'packAgeMinutes',
    warning: 30,
    critical: 120,
    bad: 'high',
    title: { nb: 'Nødpakken er gammel', nn: 'Naudpakken er gammal', en: 'The downtime pack is old' },
    care: {
      nb: 'Papiret som skrives ut, kan mangle det siste. Alderen står på hver side.',
      nn: 'Papiret som blir skrive ut, kan mangle det siste. Alderen står på kvar side.',
      en: 'What is printed may lack the latest. Its age is on every page.',
    },
    action: {
      nb: 'Se om diskplass mangler eller om jobben står. Lag en ny nå.',
      nn: 'Sjå om diskplass manglar eller om jobben står. Lag ein ny no.',
      en: 'See whether the disk is full or the job stands still. Make a new one now.',
    },
  },
];
