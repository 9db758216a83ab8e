import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the given files into the folder .classes and writes there, as arguments of the java command, which class starts. The last
 * file is the main one. Unlike javac it takes a public class from a file of any name: a snippet is Main.java, whatever its class is called.
 */
public final class CompileJava {
    private static final Path OUTPUT = Path.of(".classes");

    public static void main(String[] files) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (String file : files) sources.add(new Source(Path.of(file)));
        Source last = sources.get(sources.size() - 1);
        Files.createDirectories(OUTPUT);
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task = (JavacTask) compiler.getTask(
            null, null, diagnostics, List.of("-d", OUTPUT.toString(), "-proc:none", "-Xlint:-options"), null, sources);
        CompilationUnitTree main = null;
        for (var unit : task.parse()) {
            if (unit.getSourceFile().toUri().equals(last.toUri())) main = unit;
        }
        boolean failed = print(diagnostics, 0);
        if (!failed) {
            int printed = diagnostics.getDiagnostics().size();
            task.generate();
            failed = print(diagnostics, printed);
        }
        if (failed) System.exit(1);
        var start = startClass(main);
        if (start == null) {
            System.err.println(last.path + ": error: there is no class in this file");
            System.exit(1);
        }
        Files.writeString(OUTPUT.resolve("start"), "-cp .classes:. " + start + "\n");
    }

    /** The first class with a main method, otherwise the first class. */
    private static String startClass(CompilationUnitTree unit) {
        String first = null;
        for (Tree type : unit.getTypeDecls()) {
            if (!(type instanceof ClassTree declared)) continue;
            var name = unit.getPackageName() == null ? "" + declared.getSimpleName() : unit.getPackageName() + "." + declared.getSimpleName();
            if (first == null) first = name;
            for (Tree member : declared.getMembers()) {
                if (member instanceof MethodTree method && method.getName().contentEquals("main")
                    && method.getModifiers().getFlags().contains(Modifier.STATIC)) return name;
            }
        }
        return first;
    }

    /** In the compiler's own form; returns whether there was an error. */
    private static boolean print(DiagnosticCollector<JavaFileObject> diagnostics, int from) {
        boolean failed = false;
        var all = diagnostics.getDiagnostics();
        for (var diagnostic : all.subList(from, all.size())) {
            failed |= diagnostic.getKind() == Diagnostic.Kind.ERROR;
            System.err.println(diagnostic);
        }
        return failed;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final Path path;
        private final String text;

        Source(Path path) throws IOException {
            super(path.toUri(), Kind.SOURCE);
            this.path = path;
            text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE;
        }

        @Override
        public String getName() {
            return path.toString();
        }
    }
}
