package dev.sluice.policy.parse;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.sluice.spec.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What the Javadoc of {@code dev.sluice.spec} says, for those who write documents. */
final class SpecDocs {
  private static final Pattern PARAM = Pattern.compile("(?s)@param (\\w+) (.*?)(?=\\s@\\w+ |$)");
  private static final Pattern INLINE = Pattern.compile("\\{@(?:code|link)\\s+([^}]*?)}");

  /** By the type's canonical name, with {@code #component} for a component or constant. */
  private final Map<String, String> texts = new HashMap<>();

  private SpecDocs() {}

  /** Reads the sources in {@code folder}. */
  static SpecDocs read(Path folder) throws IOException {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    SpecDocs docs = new SpecDocs();
    try (Stream<Path> sources = Files.list(folder);
        StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<Path> all = sources.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(all));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        docs.new Reader(trees, Document.class.getPackageName()).scan(unit, null);
      }
    }
    return docs;
  }

  /** What {@code type} is. */
  String of(Class<?> type) {
    return texts.getOrDefault(type.getCanonicalName(), "");
  }

  /** What a record's component or an enum's constant is. */
  String of(Class<?> type, String member) {
    return texts.getOrDefault(type.getCanonicalName() + "#" + member, "");
  }

  private final class Reader extends TreePathScanner<Object, Object> {
    private final DocTrees trees;
    private final String packageName;

    Reader(DocTrees trees, String packageName) {
      this.trees = trees;
      this.packageName = packageName;
    }

    @Override
    public Object visitClass(ClassTree type, Object nothing) {
      String name = name(getCurrentPath());
      String comment = comment();
      texts.put(name, text(comment.split("@param", 2)[0]));
      Matcher param = PARAM.matcher(comment);
      while (param.find()) {
        texts.put(name + "#" + param.group(1), text(param.group(2)));
      }
      return super.visitClass(type, nothing);
    }

    @Override
    public Object visitVariable(VariableTree variable, Object nothing) {
      String comment = comment();
      if (!comment.isEmpty() && getCurrentPath().getParentPath().getLeaf() instanceof ClassTree) {
        texts.put(name(getCurrentPath().getParentPath()) + "#" + variable.getName(), text(comment));
      }
      return super.visitVariable(variable, nothing);
    }

    private String comment() {
      return Objects.requireNonNullElse(trees.getDocComment(getCurrentPath()), "");
    }

    private String name(TreePath path) {
      StringBuilder name = new StringBuilder();
      for (TreePath at = path; at != null; at = at.getParentPath()) {
        Tree leaf = at.getLeaf();
        if (leaf instanceof ClassTree type) {
          name.insert(0, "." + type.getSimpleName());
        }
      }
      return packageName + name;
    }
  }

  /** Javadoc as plain text; a Java null is a key that is left out. */
  private static String text(String javadoc) {
    return INLINE
        .matcher(javadoc)
        .replaceAll("$1")
        .replaceAll("<[^>]*>", "")
        .replaceAll("\\s+", " ")
        .replaceAll(" ?\\(policy\\.md[^)]*\\)", "")
        .replaceAll("A section that is left out is null[^.]*\\.", "")
        .replaceAll("\\b(null|empty) for ", "default: ")
        .strip();
  }
}
