/** When a number is an alarm, what that means for care, and what to do. Pure; one table. */
import type { NumberName, Numbers } from './numbers.ts';

export type Words = { readonly nb: string; readonly nn: string; readonly en: string };

export type Alarm = {
  /** The name of its number. */
  code: NumberName;
  severity: 'warning' | 'critical';
  value: number;
  limit: number;
  title: Words;
  care: Words;
  action: Words;
};

type Rule = {
  number: NumberName;
  /** Beyond this, in the direction that is bad. */
  warning: number;
  critical?: number;
  bad: 'high' | 'low' | 'either';
  title: Words;
  care: Words;
  action: Words;
};

/** Alarms over the numbers, the gravest first. */
export function alarmsOf(numbers: Numbers): Alarm[] {
  const alarms = rules.flatMap((rule) => {
    const value = numbers[rule.number];
    const found = value === undefined ? undefined : severityOf(rule, value);
    if (value === undefined || found === undefined) return [];
    const { number, title, care, action } = rule;
    return [{ code: number, ...found, value, title, care, action }];
  });
  return alarms.sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
}

function severityOf({ warning, critical, bad }: Rule, value: number): Pick<Alarm, 'severity' | 'limit'> | undefined {
  const isBeyond = (limit: number): boolean =>
    bad === 'low' ? value < limit : (bad === 'either' ? Math.abs(value) : value) > limit;
  if (critical !== undefined && isBeyond(critical)) return { severity: 'critical', limit: critical };
  return isBeyond(warning) ? { severity: 'warning', limit: warning } : undefined;
}

const rules: readonly Rule[] = [
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
  ...diskRules(),
  {
    number: 'certificateDays',
    warning: 30,
    critical: 7,
    bad: 'low',
    title: { nb: 'Et sertifikat går snart ut', nn: 'Eit sertifikat går snart ut', en: 'A certificate ends soon' },
    care: {
      nb: 'Når det er gått ut, åpner ikke nettleserne sidene.',
      nn: 'Når det er gått ut, opnar ikkje nettlesarane sidene.',
      en: 'Once it has ended, browsers do not open the pages.',
    },
    action: { nb: 'Forny: fyr ca renew.', nn: 'Forny: fyr ca renew.', en: 'Renew: fyr ca renew.' },
  },
  {
    number: 'backupAgeHours',
    warning: 26,
    critical: 72,
    bad: 'high',
    title: { nb: 'Sikkerhetskopien er gammel', nn: 'Sikkerheitskopien er gammal', en: 'The backup is old' },
    care: {
      nb: 'Ingen betydning nå. Går disken tapt, mangler det som ikke finnes på andre noder.',
      nn: 'Ingen verknad no. Går disken tapt, manglar det som ikkje finst på andre nodar.',
      en: 'None now. If the disk is lost, what no other node has is lost too.',
    },
    action: {
      nb: 'Kjør fyr backup <mappe> og se hvorfor den siste ikke ble laget.',
      nn: 'Køyr fyr backup <mappe> og sjå kvifor den siste ikkje vart laga.',
      en: 'Run fyr backup <folder>, and see why the last one was not made.',
    },
  },
  {
    number: 'backupVerifiedAgeHours',
    warning: 24 * 35,
    bad: 'high',
    title: {
      nb: 'Sikkerhetskopien er lenge ikke prøvd',
      nn: 'Sikkerheitskopien er lenge ikkje prøvd',
      en: 'No backup was verified for long',
    },
    care: { nb: 'Ingen nå.', nn: 'Ingen no.', en: 'None now.' },
    action: {
      nb: 'Kjør fyr backup verify <mappe>.',
      nn: 'Køyr fyr backup verify <mappe>.',
      en: 'Run fyr backup verify <folder>.',
    },
  },
  {
    number: 'logUnsealedSeconds',
    warning: 60,
    critical: 600,
    bad: 'high',
    title: {
      nb: 'Tilgangsloggen blir ikke forseglet',
      nn: 'Tilgangsloggen blir ikkje forsegla',
      en: 'The access log is not being sealed',
    },
    care: {
      nb: 'Behandling går som vanlig. Det som logges nå, kan ikke bevises uendret.',
      nn: 'Behandling går som vanleg. Det som blir logga no, kan ikkje bevisast uendra.',
      en: 'Care goes on as usual. What is logged now can not be proven unchanged.',
    },
    action: {
      nb: 'Se i loggen etter "access log". Start noden på nytt, kjør fyr log verify.',
      nn: 'Sjå i loggen etter "access log". Start noden på nytt, køyr fyr log verify.',
      en: 'Look for "access log" in the log. Start the node again, run fyr log verify.',
    },
  },
  ...clockRules(),
  {
    number: 'databaseAnswerMs',
    warning: 200,
    critical: 2000,
    bad: 'high',
    title: { nb: 'Databasen svarer sent', nn: 'Databasen svarar seint', en: 'The database answers late' },
    care: { nb: 'Sidene er trege.', nn: 'Sidene er trege.', en: 'Pages are slow.' },
    action: {
      nb: 'Se på disk, lange transaksjoner og store søk.',
      nn: 'Sjå på disk, lange transaksjonar og store søk.',
      en: 'Look at the disk, long transactions and large searches.',
    },
  },
  {
    number: 'latencyP99Ms',
    warning: 1000,
    critical: 5000,
    bad: 'high',
    title: { nb: 'Svarene kommer sent', nn: 'Svara kjem seint', en: 'Answers come late' },
    care: {
      nb: 'Når det er for tregt til å arbeide, er det nedetid: erklær den.',
      nn: 'Når det er for tregt til å arbeide, er det nedetid: erklær ho.',
      en: 'Where it is too slow to work with, it is downtime: declare it.',
    },
    action: {
      nb: 'Se hvilke forespørsler det er (/metrics), og på databasen.',
      nn: 'Sjå kva førespurnader det er (/metrics), og på databasen.',
      en: 'See which requests they are (/metrics), and look at the database.',
    },
  },
  {
    number: 'oldestTransactionSeconds',
    warning: 300,
    critical: 3600,
    bad: 'high',
    title: {
      nb: 'En transaksjon er åpen lenge',
      nn: 'Ein transaksjon er open lenge',
      en: 'A transaction is open for long',
    },
    care: {
      nb: 'Ingen straks. Databasen vokser, og opprydding venter.',
      nn: 'Ingen straks. Databasen veks, og opprydding ventar.',
      en: 'None at once. The database grows, and cleaning up waits.',
    },
    action: {
      nb: 'En sikkerhetskopi kan vare så lenge. Ellers: finn den i pg_stat_activity.',
      nn: 'Ein sikkerheitskopi kan vare så lenge. Elles: finn han i pg_stat_activity.',
      en: 'A backup may take so long. Else: find it in pg_stat_activity.',
    },
  },
  {
    number: 'blobsDamaged',
    warning: 0,
    critical: 0,
    bad: 'high',
    title: {
      nb: 'Dokumenter eller bilder er skadet',
      nn: 'Dokument eller bilete er skadde',
      en: 'Documents or images are damaged',
    },
    care: {
      nb: 'De vises aldri som hele. Den som åpner dem, får beskjed.',
      nn: 'Dei viser aldri som heile. Den som opnar dei, får beskjed.',
      en: 'They are never shown as whole. Who opens one is told.',
    },
    action: {
      nb: 'Bytt disken. De hentes fra en annen node eller fra sikkerhetskopien.',
      nn: 'Byt disken. Dei blir henta frå ein annan node eller frå sikkerheitskopien.',
      en: 'Replace the disk. They are fetched from another node or from the backup.',
    },
  },
  {
    number: 'blobsSingle',
    warning: 1000,
    bad: 'high',
    title: { nb: 'Mye finnes bare ett sted', nn: 'Mykje finst berre éin stad', en: 'Much is in one place only' },
    care: {
      nb: 'Slett ikke fra apparatene: det er ikke bekreftet trygt ennå.',
      nn: 'Slett ikkje frå apparata: det er ikkje stadfesta trygt enno.',
      en: 'Delete nothing from devices: it is not confirmed safe yet.',
    },
    action: {
      nb: 'Se til den andre disken (FYR_BLOB_COPY_FOLDER) eller linjen oppover.',
      nn: 'Sjå til den andre disken (FYR_BLOB_COPY_FOLDER) eller linja oppover.',
      en: 'See to the second disk (FYR_BLOB_COPY_FOLDER) or the line upstream.',
    },
  },
  {
    number: 'scrubAgeHours',
    warning: 24 * 35,
    bad: 'high',
    title: {
      nb: 'Lagringen er lenge ikke lest gjennom',
      nn: 'Lagringa er lenge ikkje lesen gjennom',
      en: 'Storage was not read through for long',
    },
    care: { nb: 'Ingen nå.', nn: 'Ingen no.', en: 'None now.' },
    action: {
      nb: 'La noden gå om natten, eller gi gjennomlesningen mer fart (FYR_SCRUB_MB_PER_SECOND).',
      nn: 'La noden gå om natta, eller gi gjennomlesinga meir fart (FYR_SCRUB_MB_PER_SECOND).',
      en: 'Let the node run at night, or let it read faster (FYR_SCRUB_MB_PER_SECOND).',
    },
  },
];

function diskRules(): Rule[] {
  const care: Words = {
    nb: 'Når disken er full, kan det leses, men ikke skrives. Bruk da papir.',
    nn: 'Når disken er full, kan det lesast, men ikkje skrivast. Bruk då papir.',
    en: 'Once the disk is full, one can read and not write. Then use paper.',
  };
  const action: Words = {
    nb: 'Gjør plass eller gjør disken større. Ta ikke bort noe i postgres-mappen.',
    nn: 'Gjer plass eller gjer disken større. Ta ikkje bort noko i postgres-mappa.',
    en: 'Make room, or make the disk larger. Take nothing out of the postgres folder.',
  };
  const disks: readonly [NumberName, Words][] = [
    ['dataFreeShare', { nb: 'Disken blir full', nn: 'Disken blir full', en: 'The disk is filling up' }],
    [
      'walFreeShare',
      {
        nb: 'Disken til databasens logg blir full',
        nn: 'Disken til loggen i databasen blir full',
        en: "The disk of the database's log is filling up",
      },
    ],
    [
      'blobFreeShare',
      {
        nb: 'Disken til kopiene blir full',
        nn: 'Disken til kopiane blir full',
        en: 'The disk of the copies is filling up',
      },
    ],
  ];
  return disks.map(([number, title]) => ({ number, warning: 0.15, critical: 0.05, bad: 'low', title, care, action }));
}

function clockRules(): Rule[] {
  const care: Words = {
    nb: 'Tider i journalen kan være feil. Rekkefølgen er riktig.',
    nn: 'Tider i journalen kan vere feil. Rekkjefølgja er rett.',
    en: 'Times in the record may be wrong. Their order is right.',
  };
  const action: Words = {
    nb: 'Se til tidstjenesten (chrony eller ntpd) på maskinen.',
    nn: 'Sjå til tidstenesta (chrony eller ntpd) på maskina.',
    en: 'See to the time service (chrony or ntpd) of the machine.',
  };
  const clocks: readonly [NumberName, Words][] = [
    [
      'clockOffsetDatabaseMs',
      {
        nb: 'Klokken går annerledes enn databasens',
        nn: 'Klokka går ulikt databasen si',
        en: "The clock differs from the database's",
      },
    ],
    [
      'clockOffsetUpstreamMs',
      {
        nb: 'Klokken går annerledes enn noden over',
        nn: 'Klokka går ulikt noden over',
        en: 'The clock differs from the node above',
      },
    ],
  ];
  return clocks.map(([number, title]) => ({
    number,
    warning: 2000,
    critical: 60_000,
    bad: 'either',
    title,
    care,
    action,
  }));
}
