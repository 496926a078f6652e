import javax.security.sasl.AuthenticationException;
import org.apache.hive.service.auth.PasswdAuthenticationProvider;

/** Lets one user in, by the system properties test.user and test.password. */
public class OnePassword implements PasswdAuthenticationProvider {
  @Override
  public void Authenticate(String user, String password) throws AuthenticationException {
    if (!System.getProperty("test.user").equals(user) || !System.getProperty("test.password").equals(password)) {
      throw new AuthenticationException("unknown user or wrong password");
    }
  }
}
