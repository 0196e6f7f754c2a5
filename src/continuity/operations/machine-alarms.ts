/** Alarms about what the node stands on: disks, certificates, backups, clocks, the database, stored content. */
import type { Rule, Words } from './alarm-rule.ts';
import type { NumberName } from './numbers.ts';

export const machineRules: readonly Rule[] = [
  ...diskRules(),
  {
    number: 'certificateDays',
    warning: 30,
    critical: 7,
    bad: 'low',
    title: { nb: 'Et sertifikat går snart ut', nn: 'Eit sertifikat går snart ut', en: 'A certificate ends soon' },
    care: {
      nb: 'Når det er gått ut, åpner ikke nettleserne sidene, og andre noder snakker ikke med denne. Her leses og skrives det videre.',
      nn: 'Når det er gått ut, opnar ikkje nettlesarane sidene, og andre nodar snakkar ikkje med denne. Her blir det lese og skrive vidare.',
      en: 'Once it has ended, browsers do not open the pages, and other nodes do not speak with this one. Reading and writing go on here.',
    },
    action: {
      nb: 'Noden fornyer sitt eget når den når regionen: se om linjen er oppe, og om regionen har passordet til utstederen. Sertifikatet for nettleserne (FYR_TLS_CERT) fornyer du selv.',
      nn: 'Noden fornyar sitt eige når han når regionen: sjå om linja er oppe, og om regionen har passordet til utferdaren. Sertifikatet for nettlesarane (FYR_TLS_CERT) fornyar du sjølv.',
      en: 'The node renews its own when it reaches the region: see whether the line is up, and whether the region has the passphrase of its authority. The certificate for browsers (FYR_TLS_CERT) is yours to renew.',
    },
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
    number: 'recordsDamaged',
    warning: 0,
    critical: 0,
    bad: 'high',
    title: {
      nb: 'Deler av journalen er skadet',
      nn: 'Delar av journalen er skadde',
      en: 'Parts of the record are damaged',
    },
    care: {
      nb: 'Det som ikke kan leses, svares det nei på. Det som er endret utenom, kan bli vist til det er hentet på nytt.',
      nn: 'Det som ikkje kan lesast, blir det svart nei på. Det som er endra utanom, kan bli vist til det er henta på nytt.',
      en: 'What can not be read is refused. What was edited from outside may be shown until it has been fetched anew.',
    },
    action: {
      nb: 'Det hentes fra en annen node når linjen er oppe. Blir tallet stående, har ingen annen node det: hent det fra sikkerhetskopien. Bytt disken, og finn ut hvem som har endret i databasen.',
      nn: 'Det blir henta frå ein annan node når linja er oppe. Blir talet ståande, har ingen annan node det: hent det frå sikkerheitskopien. Byt disken, og finn ut kven som har endra i databasen.',
      en: 'It is fetched from another node when the line is up. If the number stays, no other node has it: take it from the backup. Replace the disk, and find out who edited the database.',
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
