import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contentProblem } from './content-type.ts';

const pdf = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n', 'latin1');
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
const elf = Buffer.concat([Buffer.from('7f454c460201010000000000000000000200', 'hex'), Buffer.alloc(100)]);
const exe = Buffer.concat([Buffer.from('MZ\x90\x00\x03\x00\x00\x00', 'latin1'), Buffer.alloc(200)]);

test.each([
  ['a program called a picture', 'image/png', elf, 'program'],
  ['a program called nothing', undefined, exe, 'program'],
  ['a program called bytes', 'application/octet-stream', elf, 'program'],
  ['a program called text', 'text/plain', exe, 'program'],
  ['a document called a picture', 'image/jpeg', pdf, 'is called image/jpeg, and is application/pdf'],
  ['a picture called a document', 'application/pdf', png, 'and is image/png'],
  ['an archive called a document', 'application/pdf', gzipSync('x'), 'and is application/gzip'],
  [
    'a page called a picture',
    'image/png',
    Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    'is called image/png',
  ],
])('%s is refused', async (_, claimed, content, words) => {
  expect(await contentProblem(claimed, content)).toContain(words);
});

test.each([
  ['a document', 'application/pdf', pdf],
  ['a picture with parameters and capitals', 'IMAGE/JPG; q=1', jpeg],
  ['text that begins as a picture does', 'text/plain; charset=utf-8', Buffer.from('BMI 24,3. MZ og BM er initialer.')],
  [
    'text with Norwegian letters cut in two',
    'text/plain',
    Buffer.concat([Buffer.alloc(65_535, 'a'), Buffer.from('å')]),
  ],
  ['a CDA document', 'application/xml', Buffer.from('<?xml version="1.0"?><ClinicalDocument/>')],
  ['JSON', 'application/fhir+json', Buffer.from('{}')],
  ['what has no form of its own', 'application/pdf', Buffer.from('Hello')],
  ['anything called bytes', 'application/octet-stream', png],
  ['nothing at all', 'image/png', Buffer.alloc(0)],
  ['an archive', 'application/x-gzip', gzipSync('x')],
  ['compressed bytes without a form', 'application/x-own', deflateRawSync('x')],
])('%s is taken', async (_, claimed, content) => {
  expect(await contentProblem(claimed, content)).toBeUndefined();
});
