/** Invented people: common Norwegian given names by when they were given, and family names put together of common parts. */
import type { Sex } from '#shared/identifiers.ts';
import type { Random } from './random.ts';

type Era = { until: number; male: readonly string[]; female: readonly string[] };

const eras: readonly Era[] = [
  {
    until: 1945,
    male: 'Arne Kåre Odd Olav Einar Harald Leif Sverre Gunnar Egil Reidar Ivar Oddvar Asbjørn Torleif Magne'.split(' '),
    female:
      'Solveig Gerd Ingrid Astrid Else Randi Bjørg Aslaug Ruth Borghild Gudrun Kari Turid Sigrid Reidun Åse'.split(' '),
  },
  {
    until: 1970,
    male: 'Jan Per Bjørn Svein Terje Kjell Tor Geir Rolf Øyvind Trond Helge Arild Steinar Morten Roar'.split(' '),
    female: 'Anne Berit Inger Liv Marit Bente Grete Wenche Tove Hilde Sissel Unni Torill Mona Gro Heidi'.split(' '),
  },
  {
    until: 1990,
    male: 'Thomas Lars Espen Kristian Frode Stian Anders Henrik Eirik Håvard Vegard Rune Marius Øystein Jonas Kim'.split(
      ' ',
    ),
    female:
      'Hege Lene Camilla Silje Monica Marianne Kristin Ingvild Stine Cecilie Maren Guro Line Ragnhild Tonje Siri'.split(
        ' ',
      ),
  },
  {
    until: 2040,
    male: 'Jakob Emil Noah Lukas Oskar Filip Aksel Sander Mathias Elias Isak Tobias Johannes Sivert Ulrik Birk'.split(
      ' ',
    ),
    female: 'Emma Nora Sofie Ella Maja Ingrid Sara Olivia Thea Frida Tuva Amalie Hedda Iben Live Mia'.split(' '),
  },
];

const otherGiven = {
  male: 'Ahmed Piotr Mohamed Tomasz Ali Jonas Abdi Yusuf Andrei Niillas Mihkkal Dawit Omar Karol'.split(' '),
  female: 'Fatima Agnieszka Amina Katarzyna Hodan Elena Maryam Olena Ánne Máret Selam Layla Ewa Asha'.split(' '),
};
const otherFamilyFirst = 'Kowal Nowa Abdi Hass Ahma Petro Wiśnie Aikio Berha Mahmo Jusu Bogda'.split(' ');
const otherFamilyLast = 'ski ek rahim an di enko wicz sen ne ud fi n'.split(' ');

const familyFirst =
  'Nord Sør Sol Lind Berg Fjell Eike Bjørke Ås Stein Vass Skog Elve Gran Furu Tinde Myr Hav Bak Ly Kleiv Rogn Selje Tors'.split(
    ' ',
  );
const familyLast = 'vik heim land stad dal nes haug lund mo set rud bø tveit li strand voll åker hagen'.split(' ');

export type Name = { given: string; middle?: string; family: string };

/** 'other' stands for families with a background outside the most common Norwegian names, Sami ones included. */
export type Origin = 'common' | 'other';

export function familyName(random: Random, origin: Origin): string {
  if (origin === 'other') return random.pick(otherFamilyFirst) + random.pick(otherFamilyLast);
  return random.pick(familyFirst) + random.pick(familyLast);
}

export function givenName(random: Random, sex: Sex, birthYear: number, origin: Origin): string {
  if (origin === 'other') return random.pick(otherGiven[sex]);
  const era = eras.find(({ until }) => birthYear <= until) ?? eras.at(-1)!;
  const first = random.pick(era[sex]);
  if (!random.chance(0.18)) return first;
  const second = random.pick(era[sex]);
  return second === first ? first : `${first} ${second}`;
}
