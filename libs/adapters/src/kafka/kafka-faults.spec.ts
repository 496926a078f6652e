import { expect, it } from 'vitest';
import { kafkaFault } from './kafka-faults.ts';

const named = (name: string, message: string, cause?: Error): Error => Object.assign(new Error(message, { cause }), { name });

it.each([
  ['a broker that does not answer', named('KafkaJSConnectionError', 'Connection timeout'), 'KAFKA_UNREACHABLE'],
  // Without a class: else it would pass for a refusal, and each topic be held for itself.
  ['a connection that is gone before its first question', new Error('Broker not connected'), 'KAFKA_UNREACHABLE'],
  ['a wrong password', named('KafkaJSSASLAuthenticationError', 'invalid credentials'), 'KAFKA_LOGIN_REFUSED'],
  ['a message that is too large', named('KafkaJSProtocolError', 'larger than the max message size'), 'KAFKA_REFUSED'],
])('says of %s what it is', (_name, error, code) => {
  const wrapped = named('KafkaJSNumberOfRetriesExceeded', 'tried 5 times', error);
  for (const each of [error, wrapped]) {
    const fault = kafkaFault(each, { brokers: ['b1:9092'] });
    expect(fault).toMatchObject({ code, message: expect.stringContaining(`Kafka at b1:9092: ${error.message}.`) });
  }
});
