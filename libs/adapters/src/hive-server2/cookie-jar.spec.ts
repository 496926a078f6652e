import { describe, expect, it } from 'vitest';
import { CookieJar } from './cookie-jar.ts';

describe('a cookie jar', () => {
  it('sends the newest value of each name, without attributes', () => {
    const jar = new CookieJar({ lb: '7' });
    jar.keep(['hive.server2.auth="a=b"; Version=1; Max-Age=86400; HttpOnly', 'JSESSIONID=1']);
    jar.keep(['JSESSIONID=2; Path=/']);
    expect(jar.header()).toBe('lb=7; hive.server2.auth="a=b"; JSESSIONID=2');
  });

  it('lets go what the server ends, and what is no cookie', () => {
    const jar = new CookieJar({});
    jar.keep(['a=1', 'nothing', '=x']);
    jar.keep(['a=; Max-Age=0']);
    expect(jar.header()).toBeUndefined();
  });
});
