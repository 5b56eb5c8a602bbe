import dead.code
import dead.fine
