from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('hq', '0004_second_factor'),
    ]

    operations = [
        migrations.DeleteModel(
            name='OperationVersion',
        ),
    ]
