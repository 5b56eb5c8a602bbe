package shop;
import org.junit.*;
public class SetupTest {
  @BeforeClass public static void open() { throw new IllegalStateException("cannot open"); }
  @Test public void never() { }
  @Test public void neverEither() { }
}
