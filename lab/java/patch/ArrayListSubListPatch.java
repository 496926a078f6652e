package org.apache.hadoop.hive.ql.exec;

import java.util.ArrayList;
import java.util.List;
import org.apache.hive.com.esotericsoftware.kryo.Kryo;
import org.apache.hive.com.esotericsoftware.kryo.Serializer;
import org.apache.hive.com.esotericsoftware.kryo.io.Input;
import org.apache.hive.com.esotericsoftware.kryo.io.Output;

/** Replaces Hive 3.1's sub-list serializer, whose static look-up of ArrayList$SubList.parentOffset fails on Java 9+ (HIVE-22097). */
class SerializationUtilities$ArrayListSubListSerializer extends Serializer<List<?>> {
  public SerializationUtilities$ArrayListSubListSerializer() {}

  @Override
  public List<?> read(Kryo kryo, Input input, Class<List<?>> type) {
    int size = input.readInt(true);
    List<Object> list = new ArrayList<>(size);
    kryo.reference(list);
    for (int i = 0; i < size; i++) list.add(kryo.readClassAndObject(input));
    return list;
  }

  @Override
  public void write(Kryo kryo, Output output, List<?> list) {
    output.writeInt(list.size(), true);
    for (Object each : list) kryo.writeClassAndObject(output, each);
  }

  @Override
  public List<?> copy(Kryo kryo, List<?> list) {
    List<Object> copy = new ArrayList<>(list.size());
    kryo.reference(copy);
    for (Object each : list) copy.add(kryo.copy(each));
    return copy;
  }
}
