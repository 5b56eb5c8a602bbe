import java.io.File;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IBundleCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.data.ExecutionData;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.data.SessionInfo;
import org.jacoco.core.data.SessionInfoStore;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.LoggerRuntime;
import org.jacoco.core.runtime.RuntimeData;
import org.jacoco.report.IReportGroupVisitor;
import org.jacoco.report.IReportVisitor;
import org.jacoco.report.xml.XMLFormatter;

/**
 * Runs the instrumented shop twice and writes what JaCoCo saw, in its own XML: each run, both, and both in
 * groups. Prints what JaCoCo's own model counts for each source file, tab-separated.
 */
public class Report {
    private static final List<SessionInfo> SESSION =
        List.of(new SessionInfo("shop", 1_767_225_600_000L, 1_767_225_601_000L));

    private static final class Instrumented extends ClassLoader {
        private final Map<String, byte[]> classes = new HashMap<>();

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] code = classes.get(name);
            if (code == null) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : defineClass(name, code, 0, code.length);
        }
    }

    public static void main(String[] arguments) throws Exception {
        LoggerRuntime runtime = new LoggerRuntime();
        Instrumented loader = new Instrumented();
        for (String module : new String[] {"billing", "plain"}) {
            load(loader, new Instrumenter(runtime), Path.of(module, "classes"));
        }
        RuntimeData data = new RuntimeData();
        runtime.startup(data);
        ExecutionDataStore first = run(loader, data);
        ExecutionDataStore second = run(loader, data, "second");
        runtime.shutdown();
        ExecutionDataStore both = new ExecutionDataStore();
        first.accept(both);
        second.accept(both);

        String[] all = {"billing", "plain", "bare"};
        write("shard-1.xml", first, visitor -> visitor.visitBundle(bundle("shard-1.xml", "", first, all), null));
        write("shard-2.xml", second, visitor -> visitor.visitBundle(bundle("shard-2.xml", "", second, all), null));
        write("whole.xml", both, visitor -> visitor.visitBundle(bundle("whole.xml", "", both, all), null));
        write("groups.xml", both, visitor -> {
            IReportGroupVisitor root = visitor.visitGroup("shop");
            IReportGroupVisitor backend = root.visitGroup("backend");
            backend.visitBundle(bundle("groups.xml", "shop/backend/billing", both, "billing"), null);
            root.visitBundle(bundle("groups.xml", "shop/wallet", both, "wallet"), null);
        });
    }

    private static void load(Instrumented loader, Instrumenter instrumenter, Path root) throws Exception {
        try (var files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = root.relativize(file).toString().replace('/', '.').replace(".class", "");
                loader.classes.put(name, instrumenter.instrument(Files.readAllBytes(file), name));
            }
        }
    }

    private static ExecutionDataStore run(Instrumented loader, RuntimeData data, String... arguments)
        throws Exception {
        loader.loadClass("Shop").getMethod("main", String[].class).invoke(null, (Object) arguments);
        ExecutionDataStore store = new ExecutionDataStore();
        data.collect(
            run -> store.put(new ExecutionData(run.getId(), run.getName(), run.getProbes().clone())),
            new SessionInfoStore(), true);
        return store;
    }

    private static IBundleCoverage bundle(String report, String group, ExecutionDataStore store, String... modules)
        throws java.io.IOException {
        CoverageBuilder builder = new CoverageBuilder();
        Analyzer analyzer = new Analyzer(store, builder);
        for (String module : modules) {
            analyzer.analyzeAll(new File(module, "classes"));
        }
        IBundleCoverage bundle = builder.getBundle(group.substring(group.lastIndexOf('/') + 1));
        for (var source : builder.getSourceFiles()) {
            String path = source.getPackageName().isEmpty() ? "" : source.getPackageName() + "/";
            print(report, group, path + source.getName(), source.getLineCounter(), source.getBranchCounter());
        }
        return bundle;
    }

    private static void print(String report, String group, String path, ICounter lines, ICounter branches) {
        System.out.printf("%s\t%s\t%s\t%d\t%d\t%d\t%d%n", report, group, path, lines.getCoveredCount(),
            lines.getTotalCount(), branches.getCoveredCount(), branches.getTotalCount());
    }

    private interface Content {
        void writeTo(IReportVisitor visitor) throws java.io.IOException;
    }

    private static void write(String name, ExecutionDataStore store, Content content) throws Exception {
        try (FileOutputStream output = new FileOutputStream(name)) {
            IReportVisitor visitor = new XMLFormatter().createVisitor(output);
            visitor.visitInfo(SESSION, store.getContents());
            content.writeTo(visitor);
            visitor.visitEnd();
        }
    }
}
