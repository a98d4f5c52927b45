import java.nio.file.Path;
import java.util.Scanner;
import org.codelibs.opensearch.runner.OpenSearchRunner;
import org.opensearch.common.settings.Settings;

/** Three OpenSearch nodes in one JVM, on loopback; "stop N" and "start N" on standard input. */
public class Nodes {
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[2]);
    int first = Integer.parseInt(args[1]);
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.setMaxHttpPort(first + count);
    runner.onBuild((int number, Settings.Builder settings) -> {
      settings.put("network.host", "127.0.0.1");
      settings.put("node.processors", 2);
      settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
    });
    runner.build(OpenSearchRunner.newConfigs()
        .basePath(Path.of(args[0]).toAbsolutePath().toString())
        .clusterName("treaty-bot-tests")
        .numOfNode(count)
        .baseHttpPort(first - 1)
        .build());
    runner.ensureYellow();
    System.out.println("ready");
    Scanner input = new Scanner(System.in);
    while (input.hasNextLine()) {
      String[] words = input.nextLine().split(" ");
      if (words[0].equals("stop")) {
        runner.getNode(Integer.parseInt(words[1])).close();
        System.out.println("stopped");
      } else if (words[0].equals("start")) {
        runner.startNode(Integer.parseInt(words[1]));
        System.out.println("started");
      } else if (words[0].equals("end")) {
        break;
      }
    }
    runner.close();
    System.exit(0);
  }
}
