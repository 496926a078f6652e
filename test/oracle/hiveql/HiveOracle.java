import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.antlr.runtime.tree.Tree;
import org.apache.hadoop.hive.common.FileUtils;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.conf.VariableSubstitution;
import org.apache.hadoop.hive.ql.Context;
import org.apache.hadoop.hive.ql.parse.BaseSemanticAnalyzer;
import org.apache.hadoop.hive.ql.parse.ParseUtils;

/** Answers from Hive's own code, a line for a line: a word and texts in Base64 in; `ok` or `error` and a text in Base64 out. */
public class HiveOracle {
  public static void main(String[] args) throws Exception {
    HiveConf conf = new HiveConf();
    // A context asks for the session's scratch directories by name; nothing is made there.
    conf.set("_hive.hdfs.session.path", "/none");
    conf.set("_hive.local.session.path", "/none");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      List<String> texts = new ArrayList<>();
      for (int i = 1; i < words.length; i++) texts.add(new String(Base64.getDecoder().decode(words[i].substring(1)), StandardCharsets.UTF_8));
      try {
        System.out.println("ok " + encode(answer(conf, words[0], texts)));
      } catch (Exception e) {
        System.out.println("error " + encode(String.valueOf(e.getMessage())));
      }
    }
  }

  private static String answer(HiveConf conf, String word, List<String> texts) throws Exception {
    switch (word) {
      case "parse":
        // As HiveServer2 does: variables first.
        String command = new VariableSubstitution(() -> new java.util.HashMap<>()).substitute(conf, texts.get(0));
        StringBuilder shape = new StringBuilder();
        StringBuilder leaves = new StringBuilder();
        walk(ParseUtils.parse(command, new Context(conf)), shape, leaves);
        return shape.append(leaves).toString();
      case "literal":
        return BaseSemanticAnalyzer.unescapeSQLString(texts.get(0));
      case "partition":
        int half = texts.size() / 2;
        return FileUtils.makePartName(texts.subList(0, half), texts.subList(half, texts.size()));
      default:
        throw new IllegalArgumentException(word);
    }
  }

  /** The shape of a tree is its token types; each leaf's text follows after a NUL. */
  private static void walk(Tree tree, StringBuilder shape, StringBuilder leaves) {
    shape.append(tree.getType());
    if (tree.getChildCount() == 0) leaves.append('\0').append(tree.getText());
    for (int i = 0; i < tree.getChildCount(); i++) {
      shape.append(i == 0 ? '(' : ' ');
      walk(tree.getChild(i), shape, leaves);
    }
    if (tree.getChildCount() > 0) shape.append(')');
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
