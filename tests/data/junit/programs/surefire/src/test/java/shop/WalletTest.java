package shop;
import static org.junit.Assert.*;
import org.junit.*;
public class WalletTest {
  static int tries = 0;
  @Test public void passes() { System.out.println("printed ]]> text"); }
  @Test public void fails() { assertEquals("balance <a>", 1, 2); }
  @Test public void errors() { throw new IllegalStateException("no database"); }
  @Ignore("later") @Test public void ignored() { }
  @Test public void assumed() { Assume.assumeTrue("needs net", false); }
  @Test public void flaky() { assertTrue("third time", ++tries > 2); }
}
