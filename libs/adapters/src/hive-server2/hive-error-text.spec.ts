import { describe, expect, it } from 'vitest';
import { causeOf } from './hive-error-text.ts';

// The first four are texts of Hive 3.1.3 and 4.0.1; the others have their form.
describe('the cause in the text of a failed statement', () => {
  it.each([
    [
      "Error while compiling statement: FAILED: ParseException line 1:0 cannot recognize input near 'selec' '1' '<EOF>'",
      "ParseException line 1:0 cannot recognize input near 'selec' '1' '<EOF>'",
    ],
    [
      "Error while compiling statement: FAILED: SemanticException [Error 10001]: Line 1:14 Table not found 'nosuch'",
      "[Error 10001]: Line 1:14 Table not found 'nosuch'",
    ],
    [
      'Error while processing statement: FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Database default already exists',
      'Database default already exists',
    ],
    [
      'Error while compiling statement: FAILED: Execution Error, return code 40000 from org.apache.hadoop.hive.ql.ddl.DDLTask. ' +
        'MetaException(message:Got exception: org.apache.hadoop.fs.UnsupportedFileSystemException No FileSystem for scheme "x")',
      'MetaException: Got exception: org.apache.hadoop.fs.UnsupportedFileSystemException No FileSystem for scheme "x"',
    ],
    [
      'java.io.IOException: org.apache.hadoop.hive.ql.metadata.HiveException: ASSERT_TRUE(): assertion failed.',
      'ASSERT_TRUE(): assertion failed.',
    ],
    ['Vertex failed\n\tat org.apache.Foo.bar(Foo.java:1)\n\t... 17 more\nCaused by: disk', 'Vertex failed Caused by: disk'],
  ])('%s', (text, cause) => {
    expect(causeOf(text)).toBe(cause);
  });

  it('is the whole text when nothing follows what Hive puts before it', () => {
    const text = 'FAILED: Execution Error, return code 2 from org.apache.hadoop.hive.ql.exec.mr.MapRedTask';
    expect(causeOf(text)).toBe('Execution Error, return code 2 from org.apache.hadoop.hive.ql.exec.mr.MapRedTask');
  });

  it('is said even when there is no text', () => {
    expect(causeOf('')).toBe('Hive gave no reason');
  });
});
