import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import { toClipboard } from './clipboard';

/** Copies text and says so. */
export async function copyText(
  host: Pick<IViewHost, 'notify'>,
  text: string,
  what: string
): Promise<void> {
  if (await toClipboard(text)) {
    host.notify('info', trans.__('Copied %1.', what));
  } else {
    host.notify('error', trans.__('The browser did not allow copying.'));
  }
}
