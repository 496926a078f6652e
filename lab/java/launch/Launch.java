import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a main class inside a URLClassLoader: Hive 3.1 casts its class loader to one, which fails on Java 9 and newer. */
public class Launch {
  /** Arguments: PATCH_CLASSES CONF_DIRECTORY JAR_DIRECTORY MAIN_CLASS ARGUMENTS... The first places win. */
  public static void main(String[] args) throws Exception {
    List<URL> urls = new ArrayList<>();
    urls.add(new File(args[0]).toURI().toURL());
    urls.add(new File(args[1]).toURI().toURL());
    File[] jars = new File(args[2]).listFiles((directory, name) -> name.endsWith(".jar"));
    Arrays.sort(jars);
    for (File jar : jars) urls.add(jar.toURI().toURL());
    URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    String[] rest = Arrays.copyOfRange(args, 4, args.length);
    Class.forName(args[3], true, loader).getMethod("main", String[].class).invoke(null, (Object) rest);
  }
}
